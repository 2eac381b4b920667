import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SettingsError } from '../core/errors.ts';
import { isLoopback } from './host.ts';

/** The values of HTTPS_PROXY, HTTP_PROXY and NO_PROXY; absent or blank where not set. */
export type ProxySettings = {
  readonly httpsProxy?: string | undefined;
  readonly httpProxy?: string | undefined;
  readonly noProxy?: string | undefined;
};

export type Agents = { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpAgent };

/**
 * The proxy for an origin, or undefined for a direct connection. Loopback is never proxied, as in Go and curl.
 * @throws SettingsError for a proxy that is no http(s) URL.
 */
export function chooseProxy(origin: string, settings: ProxySettings): URL | undefined {
  const url = new URL(origin);
  const text = (url.protocol === 'https:' ? settings.httpsProxy : settings.httpProxy)?.trim() ?? '';
  if (text === '' || isLoopback(url.hostname) || isExempt(url, settings.noProxy ?? '')) return undefined;
  return parseProxy(text);
}

/** Agents that keep connections open, through the proxy too (axios' own proxy support opens a tunnel per request). */
export function createAgents(proxy: URL | undefined): Agents {
  // Said outright, or NODE_TLS_REJECT_UNAUTHORIZED=0 would take it back.
  const options = { keepAlive: true, timeout: IDLE_MS, rejectUnauthorized: true };
  if (proxy === undefined) return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
  const tunnel = new HttpsProxyAgent(proxy, options);
  return { httpAgent: tunnel, httpsAgent: tunnel };
}

/** A connection that idled longer may be dead without telling, and a create on it would be a lost answer. */
const IDLE_MS = 30_000;

function parseProxy(text: string): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/^https?:/i.test(full) && URL.canParse(full)) return new URL(full);
  // The text itself stays out of the message: it often holds a password.
  throw new SettingsError('HTTPS_PROXY is not the URL of a proxy', {
    hint: 'write it as http://host:port; SOCKS proxies are not supported',
  });
}

function isExempt(url: URL, noProxy: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((rule) => rule !== '' && matchesRule(rule, url.hostname, port));
}

/** `*`, `host`, `.suffix` and `*.suffix`, each with or without `:port`; a bare host exempts its subdomains too. */
function matchesRule(rule: string, hostname: string, port: string): boolean {
  if (rule === '*') return true;
  const [, name = '', rulePort] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(rule) ?? [];
  const domain = name.replace(/^\*?\./, '');
  if (domain === '' || (rulePort !== undefined && rulePort !== port)) return false;
  return hostname.endsWith(`.${domain}`) || (hostname === domain && domain === name);
}
