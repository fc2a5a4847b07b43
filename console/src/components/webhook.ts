/** A receiver for Alertmanager's configuration (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
export function alertmanagerConfig(origin: string, token: string): string {
  return `route:
  receiver: steward
receivers:
  - name: steward
    webhook_configs:
      - url: ${origin}/hooks/alertmanager
        send_resolved: true
        http_config:
          authorization:
            credentials: ${token}
`;
}

/** One alert in Alertmanager's webhook format (version 4), posted by hand. */
export function curlExample(origin: string, token: string): string {
  return `curl ${origin}/hooks/alertmanager \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"version": "4", "status": "firing", "alerts": [{
        "status": "firing",
        "labels": {"alertname": "DiskWillFillIn4Hours", "severity": "warning", "instance": "db-1"},
        "annotations": {"summary": "The disk of db-1 fills within 4 hours"}}]}'
`;
}
