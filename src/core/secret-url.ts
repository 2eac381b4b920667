/** Hosts (and path prefixes) of chat and paging services whose webhook URLs are secrets as a whole; `*.` is any subdomain. */
const SERVICES: readonly (readonly [host: string, path: string])[] = [
  ['hooks.slack.com', '/'],
  ['hooks.slack-gov.com', '/'],
  ['*.webhook.office.com', '/'],
  ['outlook.office.com', '/webhook'],
  ['*.logic.azure.com', '/'],
  ['*.powerplatform.com', '/'],
  ['discord.com', '/api/webhooks/'],
  ['discordapp.com', '/api/webhooks/'],
  ['*.discord.com', '/api/webhooks/'],
  ['chat.googleapis.com', '/'],
  ['events.pagerduty.com', '/'],
  ['events.eu.pagerduty.com', '/'],
  ['alert.victorops.com', '/'],
  ['api.telegram.org', '/'],
  ['hooks.zapier.com', '/'],
  ['*.make.com', '/'],
  ['maker.ifttt.com', '/'],
  ['hooks.chime.aws', '/'],
  ['webhooks.workato.com', '/'],
  ['open.feishu.cn', '/open-apis/bot/'],
  ['open.larksuite.com', '/open-apis/bot/'],
  ['oapi.dingtalk.com', '/robot/'],
  ['qyapi.weixin.qq.com', '/cgi-bin/webhook/'],
];

const SIGNATURE =
  /(^|[-_.])(sig|signature|token|key|apikey|code|secret|auth|authorization|password|passwd|pwd|pass|jwt|credential|hmac)$/i;

/** The host of a URL that must not be shown, or undefined for one that may be: credentials, a signature, a chat service. */
export function hostOfSecretUrl(text: string): string | undefined {
  const url = toUrl(text);
  if (url === undefined) return undefined;
  const hasCredentials = url.username !== '' || url.password !== '';
  const hasSignature = [...url.searchParams.keys()].some((name) =>
    SIGNATURE.test(name.replaceAll(/([a-z])([A-Z])/g, '$1-$2')),
  );
  return hasCredentials || hasSignature || SERVICES.some((service) => isAt(url, service))
    ? url.host
    : undefined;
}

function toUrl(text: string): URL | undefined {
  // Without a scheme it is no URL yet, but what it would give away is the same.
  const whole = text.includes('://') ? text : `https://${text}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

function isAt({ hostname, pathname }: URL, [host, path]: (typeof SERVICES)[number]): boolean {
  // A trailing dot names the same host.
  const name = hostname.replace(/\.$/, '');
  const isHost = host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
  return isHost && pathname.toLowerCase().startsWith(path);
}
