//! What may be done with alerts and issues.

platform::permissions! {
    pub PERMISSIONS {
        /// See alerts.
        AlertsRead = "alerts:read", for Everyone;
        /// Change alerts: status, severity, assignee.
        AlertsWrite = "alerts:write", for WorkersAndPrograms;
        /// See issues.
        IssuesRead = "issues:read", for Everyone;
        /// Change issues: close, reopen, move, have them looked into again.
        IssuesWrite = "issues:write", for WorkersAndPrograms;
        /// Erase what was said about an issue, for ever.
        IssuesErase = "issues:erase", for Admins;
        /// Send alerts.
        IngestWrite = "ingest:write", for Senders;
    }
}
