//! What may be done with skills and tools.

platform::permissions! {
    pub PERMISSIONS {
        /// See skills and their bindings.
        SkillsRead = "skills:read", for Everyone;
        /// Change skills and their bindings.
        SkillsWrite = "skills:write", for Workers;
        /// See tools.
        ToolsRead = "tools:read", for Everyone;
        /// Change tools.
        ToolsWrite = "tools:write", for Workers;
        /// Try tools out.
        ToolsRun = "tools:run", for Workers;
    }
}
