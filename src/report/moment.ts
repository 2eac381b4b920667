/** `2026-11-21 09:30 UTC`. @param at milliseconds since 1970 */
export function minuteOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
