type Page<Item> = {
  readonly items: readonly Item[];
  /** `link`, where there is another page. */
  readonly headers: Readonly<Record<string, string>>;
};

/** @param url of the request as a client sees it, its query included. */
export function pageOf<Item>(all: readonly Item[], url: URL): Page<Item> {
  const size = Math.min(numberOf(url, 'per_page') ?? 30, 100);
  const page = numberOf(url, 'page') ?? 1;
  const last = Math.max(1, Math.ceil(all.length / size));
  const relations: readonly (readonly [string, number, boolean])[] = [
    ['prev', page - 1, page > 1],
    ['next', page + 1, page < last],
    ['last', last, page < last],
    ['first', 1, page > 1],
  ];
  const links = relations
    .filter(([, , isThere]) => isThere)
    .map(([name, to]) => `<${withPage(url, to)}>; rel="${name}"`);
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

function numberOf(url: URL, name: string): number | undefined {
  const value = Number(url.searchParams.get(name));
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function withPage(url: URL, page: number): string {
  const other = new URL(url);
  other.searchParams.set('page', String(page));
  return other.href;
}
