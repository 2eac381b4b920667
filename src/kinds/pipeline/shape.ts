/** The kinds of alert that a pipeline can send. The list is open on the API's side: unknown ones are carried through. */
export const ALERTS: Readonly<Record<string, string>> = {
  'on-update-success': 'An update of the pipeline ends well',
  'on-update-failure': 'Each time an update fails, whether it is tried again or not',
  'on-update-fatal-failure': 'An update fails in a way that is not tried again',
  'on-flow-failure': 'A single data flow of the pipeline fails',
};

export const ALERT_KINDS: readonly string[] = Object.keys(ALERTS);

/** Whoever is told of one of these is told of a failure. */
export const FAILURES: readonly string[] = [
  'on-update-failure',
  'on-update-fatal-failure',
  'on-flow-failure',
];

/** The field path of one kind of alert. */
export function pathOf(alert: string): string {
  return `notifications.${alert}`;
}

/** The kind of alert that a field path is about; undefined for the marker. */
export function alertOf(path: string): string | undefined {
  return path.startsWith('notifications.') ? path.slice('notifications.'.length) : undefined;
}

/** Beside its fields a pipeline has this marker: true where it runs all the time. */
export const CONTINUOUS = 'continuous';
