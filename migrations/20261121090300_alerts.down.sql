drop table issue_alert_bindings, issues, open_alerts, alerts;
