/** One fenced block of a page. */
export type Block = { readonly language: string; readonly text: string; readonly line: number };

/** Fenced blocks, with the line on which each begins; the last one may be open. */
export function blocksIn(markdown: string): {
  readonly blocks: readonly Block[];
  readonly isBalanced: boolean;
} {
  const blocks: Block[] = [];
  let open: { language: string; lines: string[]; line: number } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^\s*```\s*(\S*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: String(fence[1]), lines: [], line: index + 1 };
    else {
      blocks.push({ language: open.language, text: `${open.lines.join('\n')}\n`, line: open.line });
      open = undefined;
    }
  }
  return { blocks, isBalanced: open === undefined };
}

/** Targets of links and images outside of code. */
export function linksIn(markdown: string): readonly string[] {
  const prose = withoutCode(markdown);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));
}

/** The anchors that GitHub gives the headings. */
export function anchorsIn(markdown: string): readonly string[] {
  const headings = [...withoutBlocks(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => String(heading));
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

/** First cells of the rows of the tables below a heading, without their backticks. */
export function firstCellsBelow(markdown: string, headings: readonly string[]): readonly string[] {
  return headings.flatMap((heading) => {
    const section = markdown.split(/^(?=#+ )/m).find((part) => part.startsWith(`${heading}\n`));
    if (section === undefined) throw new Error(`there is no "${heading}"`);
    const cells = [...section.matchAll(/^\| *([^|]+?) *\|/gm)].map(([, cell]) => String(cell));
    return cells.filter((cell) => /^(`[^`]+`|\d+)$/.test(cell)).map((cell) => cell.replaceAll('`', ''));
  });
}

function withoutCode(markdown: string): string {
  return withoutBlocks(markdown).replaceAll(/`[^`\n]*`/g, '');
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');
}
