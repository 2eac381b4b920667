import { run } from './app/program.ts';
import { terminalHost } from './host/terminal.ts';

process.exitCode = await run(process.argv.slice(2), terminalHost());
