import { runAction } from './app/action/run-action.ts';
import { githubHost, githubRunner } from './host/github/runner.ts';

process.exitCode = await runAction(githubHost(), githubRunner());
