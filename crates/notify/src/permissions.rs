//! What may be done with receivers.

platform::permissions! {
    pub PERMISSIONS {
        /// See receivers and what they were told.
        ReceiversRead = "receivers:read", for People;
        /// Change receivers.
        ReceiversWrite = "receivers:write", for Leads;
    }
}
