//! Who may see what runs do.

platform::permissions! {
    pub PERMISSIONS {
        /// See runs and their steps.
        RunsRead = "runs:read", for Everyone;
    }
}
