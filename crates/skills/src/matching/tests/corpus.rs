//! A team's runbooks, and alerts as monitoring systems word them.

/// Name and description of the problem.
pub const RUNBOOKS: [(&str, &str); 11] = [
    (
        "Crash-looping pod",
        "A container keeps restarting: the pod is in CrashLoopBackOff. Often it began with a deploy, a missing \
         configuration or a failing dependency at start-up.",
    ),
    (
        "Disk filling up",
        "A filesystem runs out of space or inodes. Logs, dumps or a stuck compaction fill the volume; databases stop \
         when it is full.",
    ),
    (
        "Watchdog",
        "The dead man's switch of the alerting pipeline. It always fires and is no problem; only its absence is.",
    ),
    (
        "Certificate expires",
        "A TLS certificate is about to expire or has expired and was not renewed, so clients refuse to connect.",
    ),
    (
        "High memory use and OOM kills",
        "A host, process or container uses nearly all of its memory and the kernel's OOM killer ends it. Leaks, \
         oversized caches or limits set too low.",
    ),
    (
        "HTTP error rate",
        "A service answers many requests with 5xx errors. Look at the last release, its dependencies and its logs.",
    ),
    (
        "Slow responses",
        "Request latency is above its objective: p99 of a service went up. Saturation, slow queries or a slow upstream.",
    ),
    (
        "Database replication lag",
        "A PostgreSQL or MySQL replica falls behind its primary, so reads are stale and a failover would lose data.",
    ),
    (
        "Queue backlog",
        "Consumers do not keep up with a queue or topic: messages pile up in Kafka or RabbitMQ and the lag grows.",
    ),
    (
        "Node not ready",
        "A Kubernetes node does not report to the control plane: kubelet down, network partition or hardware failure.",
    ),
    (
        "Backup failed",
        "The nightly database backup did not finish or its upload failed, so the last restorable state gets old.",
    ),
];

/// Type, title, description, and the runbook that is for it; none for what no runbook is about.
pub const ALERTS: [(&str, &str, &str, Option<&str>); 36] = [
    (
        "KubePodCrashLooping",
        "Pod is crash looping.",
        "Pod shop/api-7d9f8b6c54-x2x9k (api) is in waiting state (reason: \"CrashLoopBackOff\") on cluster prod.",
        Some("Crash-looping pod"),
    ),
    ("PodRestarts", "checkout restarted 7 times in 10 minutes", "", Some("Crash-looping pod")),
    ("ContainerRestart", "worker container keeps restarting", "exit code 1", Some("Crash-looping pod")),
    (
        "NodeFilesystemAlmostOutOfSpace",
        "Filesystem has less than 5% space left.",
        "Filesystem on /dev/sda1, mounted on /var/lib/postgresql, at db-1:9100 has only 3.21% available space left.",
        Some("Disk filling up"),
    ),
    (
        "NodeFilesystemFilesFillingUp",
        "Filesystem is predicted to run out of inodes within the next 4 hours.",
        "Filesystem on /dev/vdb at web-2:9100 has only 2% available inodes left and is filling up fast.",
        Some("Disk filling up"),
    ),
    ("disk_full", "Disk usage 97% on es-data-3", "/data is almost full", Some("Disk filling up")),
    (
        "KubePersistentVolumeFillingUp",
        "PersistentVolume is filling up.",
        "The PersistentVolume claimed by prometheus-db in Namespace monitoring is only 2.9% free.",
        Some("Disk filling up"),
    ),
    (
        "Watchdog",
        "An alert that should always be firing to certify that Alertmanager is working properly.",
        "This is an alert meant to ensure that the entire alerting pipeline is functional. This alert is always firing.",
        Some("Watchdog"),
    ),
    ("DeadMansSwitch", "Dead man's switch", "This alert always fires.", Some("Watchdog")),
    (
        "SSLCertExpiringSoon",
        "Certificate for shop.example.com expires in 6 days",
        "",
        Some("Certificate expires"),
    ),
    (
        "CertManagerCertExpirySoon",
        "The cert `api-tls` is 9d from expiry, it should have renewed over a week ago",
        "The domain that this cert covers will be unavailable after 9d.",
        Some("Certificate expires"),
    ),
    (
        "TLSHandshake",
        "x509: certificate has expired or is not yet valid",
        "ingress edge-1",
        Some("Certificate expires"),
    ),
    (
        "KubeContainerOOMKilled",
        "Container was OOMKilled",
        "Container api in pod shop/api-5f6d has been OOMKilled 3 times in the last 10 minutes.",
        Some("High memory use and OOM kills"),
    ),
    (
        "HostOutOfMemory",
        "Host out of memory (instance web-3:9100)",
        "Node memory is filling up (< 10% left)",
        Some("High memory use and OOM kills"),
    ),
    (
        "HighMemoryUsage",
        "Memory usage of java process above 95%",
        "heap is nearly exhausted",
        Some("High memory use and OOM kills"),
    ),
    (
        "HighErrorRate",
        "5xx rate of checkout above 5%",
        "12% of requests fail with HTTP 503",
        Some("HTTP error rate"),
    ),
    (
        "NginxHigh5xx",
        "Nginx answers 502 Bad Gateway",
        "error responses of service catalog went up to 8% of all requests",
        Some("HTTP error rate"),
    ),
    (
        "ServiceErrors",
        "payments: HTTP 500 errors after release v1.42",
        "error ratio 0.09 over 5m",
        Some("HTTP error rate"),
    ),
    (
        "HighLatency",
        "p99 latency of search is 4.2s",
        "response time objective is 800ms",
        Some("Slow responses"),
    ),
    ("SlowRequests", "Requests to catalog take longer than 2 s", "", Some("Slow responses")),
    (
        "APILatencySLO",
        "api p95 response time above objective",
        "latency budget burns 6x too fast",
        Some("Slow responses"),
    ),
    (
        "PostgresqlReplicationLag",
        "Postgresql replication lag (instance db-2:9187)",
        "PostgreSQL replication lag is going up (> 30s)",
        Some("Database replication lag"),
    ),
    (
        "MysqlReplicaBehind",
        "MySQL replica db-7 is 900 seconds behind primary",
        "",
        Some("Database replication lag"),
    ),
    (
        "KafkaConsumergroupLag",
        "Kafka consumers lag",
        "Kafka consumer group billing on topic orders lags by 120000 messages",
        Some("Queue backlog"),
    ),
    (
        "RabbitmqTooManyMessages",
        "RabbitMQ too many messages in queue",
        "Queue emails has 50000 unacknowledged messages",
        Some("Queue backlog"),
    ),
    (
        "KubeNodeNotReady",
        "Node is not ready.",
        "node-17 has been unready for more than 15 minutes.",
        Some("Node not ready"),
    ),
    (
        "KubeletDown",
        "Target disappeared from Prometheus target discovery.",
        "Kubelet on a Kubernetes node has disappeared.",
        Some("Node not ready"),
    ),
    (
        "PgBackupFailed",
        "Nightly backup of orders failed",
        "pg_dump ended with an error, no upload to S3",
        Some("Backup failed"),
    ),
    ("SSHBruteForce", "Many failed logins over SSH from 203.0.113.9", "120 attempts in 5 minutes", None),
    ("LicenseLimit", "Seats of the design tool are used up", "49 of 50 seats taken", None),
    ("BudgetExceeded", "Cloud spending of project analytics is 40% above plan", "", None),
    ("NTPDrift", "Clock skew detected on gw-2", "offset is 0.9 s, chrony does not synchronise", None),
    ("FraudScore", "Unusual number of refunds in region EU", "refund ratio 7%", None),
    ("DomainTransfer", "Registrar lock removed from example.org", "", None),
    ("FanFailure", "Fan 3 of chassis rack-9 runs below 1000 rpm", "temperature 71 C", None),
    ("SurveyDown", "Fewer newsletter sign-ups than usual", "sign-ups fell by 30% week over week", None),
];
