// Generated from openapi/ by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts
         * @description Newest first.
         */
        get: operations["list_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change many alerts
         * @description Each alert that allows it is changed; the others say why not.
         */
        post: operations["change_alerts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count alerts by status, severity and source
         * @description Takes the filters of the list.
         */
        get: operations["count_alerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an alert
         * @description With its raw payload and the issues that it belongs or belonged to.
         */
        get: operations["get_alert"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Assign an alert */
        post: operations["assign_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/false-positive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark an alert as a false positive
         * @description It stays quiet until its source resolves it.
         */
        post: operations["mark_alert_false_positive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was done about an alert
         * @description Newest first.
         */
        get: operations["list_alert_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/ignore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ignore an alert
         * @description It stays quiet until its source resolves it.
         */
        post: operations["ignore_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/investigate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Investigate an alert
         * @description Opens an issue for an alert that has no open one, or puts it into the open issue of its group.
         */
        post: operations["investigate_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reopen a closed alert */
        post: operations["reopen_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alerts/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an alert
         * @description The next notification of its fingerprint opens a new alert.
         */
        post: operations["resolve_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit log
         * @description The newest first.
         */
        get: operations["list_audit_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Get the invitation of a link */
        post: operations["get_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept the invitation of a link
         * @description Makes an account with a password, and sets the session's cookie. Somebody who has an account gives its password, or signs in and
         *     accepts with `POST /api/v1/me/invitations/{id}/accept`.
         */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline the invitation of a link */
        post: operations["decline_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the ways to sign in */
        get: operations["list_sign_in_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a password with a link
         * @description Of the account that a link by mail belongs to. Its sessions end.
         */
        post: operations["set_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a link to set a password
         * @description It is sent to the address by mail, if it has an account; the answer does not tell.
         */
        post: operations["request_password_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with e-mail and password
         * @description Sets the session's cookie.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Also in an organization that is suspended.
         */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/supabase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with Supabase
         * @description With a JWT of Supabase Auth; sets the session's cookie. Somebody who was invited accepts with `accept`.
         */
        post: operations["sign_in_with_supabase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/supabase/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** List the open invitations of a Supabase user */
        post: operations["list_supabase_invitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bindings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List bindings
         * @description In the order in which they are tried: highest priority first, older first among equals.
         */
        get: operations["list_bindings"];
        put?: never;
        /** Bind alerts that match a pattern to a skill */
        post: operations["create_binding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bindings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a binding */
        delete: operations["delete_binding"];
        options?: never;
        head?: never;
        /** Change a binding */
        patch: operations["update_binding"];
        trace?: never;
    };
    "/api/v1/configurations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sealed settings
         * @description Without their values.
         */
        get: operations["list_configurations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configurations/{type}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set a sealed setting
         * @description The value before stays for a while as an earlier version (the setting `secrets.earlier_kept_days`). The same value again is no new version.
         */
        put: operations["set_configuration"];
        post?: never;
        /**
         * Delete a sealed setting
         * @description With its earlier versions.
         */
        delete: operations["delete_configuration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configurations/{type}/{key}/forget-earlier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget earlier versions of a sealed setting
         * @description Only the current version is left, at once.
         */
        post: operations["forget_configurations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configurations/{type}/{key}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use an earlier version of a sealed setting again
         * @description As a new version; the one that is current until then stays as an earlier one.
         */
        post: operations["restore_configuration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/configurations/{type}/{key}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a sealed setting
         * @description Those that count now, the current one first, without their values. All are on one page.
         */
        get: operations["list_configuration_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dead letters
         * @description Work that was given up, the latest first.
         */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a dead letter aside
         * @description It need not be tried again: what it was about was done in another way, or is no more. It stays in the list for as long as it is kept.
         */
        post: operations["dismiss_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a dead letter tried again
         * @description A job goes back into its queue under its id, with fresh attempts; `GET /api/v1/jobs/{id}` says how it ends. Asking twice tries once.
         */
        post: operations["replay_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a failed delivery again */
        post: operations["retry_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream events as they happen
         * @description As server-sent events, those of the organization that the caller may read of.
         *
         *     Reconnect with `Last-Event-ID` to get all that was missed. The event `reset` says that something in between is not kept any more:
         *     read anew what you show. A comment is sent every 15 seconds; the stream ends after ten minutes.
         */
        get: operations["stream_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations
         * @description The newest first, those that ended too.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invite an address to the organization
         * @description It becomes a member when its person accepts; the answer is the same whether or not that person has an account.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an invitation
         * @description Its link ends at once.
         */
        delete: operations["revoke_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new link for an invitation
         * @description Valid for another week; the old one ends.
         */
        post: operations["resend_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List issues
         * @description Newest first.
         */
        get: operations["list_issues"];
        put?: never;
        /**
         * Open an issue from alerts
         * @description It is looked into at once.
         */
        post: operations["create_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an issue */
        get: operations["get_issue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Assign an issue */
        post: operations["assign_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase an issue
         * @description For ever: what was said about it, what its alerts said, what its runs did and found, and what receivers were told. Ids, states
         *     and times stay, and so does the record of who did what. Messages on platforms stay there. The issue must be closed.
         */
        post: operations["erase_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/false-positive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark an issue as a false positive
         * @description Its alerts stay quiet until their source resolves them.
         */
        post: operations["mark_issue_false_positive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was done about an issue
         * @description Newest first.
         */
        get: operations["list_issue_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/reprocess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have an issue looked into again
         * @description From any state. Earlier runs and what they found stay.
         */
        post: operations["reprocess_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve an issue
         * @description Its alerts are resolved with it; their next notifications open new ones.
         */
        post: operations["resolve_issue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/issues/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of an issue
         * @description Every investigation of the issue, newest first; an earlier one stays when the issue is processed again.
         */
        get: operations["list_issue_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Those that wait or run, in the order in which they are due; or those that ended and are kept, the latest first.
         */
        get: operations["list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/cron": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List periodic tasks
         * @description What the server does by itself again and again, and how it went the last time. Why a turn failed is in the server's log.
         */
        get: operations["list_cron_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the queues
         * @description How much waits and runs in each queue of the organization, and how it is served.
         */
        get: operations["list_job_queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/queues/{queue}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Pause a queue, let it go on, or limit it
         * @description Of the caller's organization alone. What runs goes on to its end; nothing is lost meanwhile.
         */
        patch: operations["change_job_queue"];
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job
         * @description One that was done is found for as long as its result is kept, if that was asked for.
         */
        get: operations["get_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description One that waits is not run. One that runs is told to stop within about a second, ended where it stands when it does not, and not run again.
         *     What it works on ends with it: a run fails, a message that is not out yet is not sent. A reaction cannot be cancelled: its issue would wait for it.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the caller
         * @description The organization they work in, and what they may do there.
         */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change one's own name */
        patch: operations["update_me"];
        trace?: never;
    };
    "/api/v1/me/address-proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Request a link to prove one's own address
         * @description It is sent by mail.
         */
        post: operations["request_address_proof"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the open invitations of one's own address
         * @description Once it is proved.
         */
        get: operations["list_my_invitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/invitations/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation of one's own address
         * @description The caller is a member from now on.
         */
        post: operations["accept_my_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/invitations/{id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decline an invitation of one's own address */
        post: operations["decline_my_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move the session to another organization
         * @description Of the same person, also out of one that is suspended.
         */
        post: operations["switch_organization"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change one's own password
         * @description Their other sessions end.
         */
        put: operations["change_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's own sessions
         * @description In every organization, the one used last first.
         */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        /** End all of one's own sessions but this one */
        delete: operations["end_other_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one's own sessions */
        delete: operations["end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description By e-mail.
         */
        get: operations["list_members"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description Their sessions end at once.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role or status
         * @description It counts from their next request on.
         */
        patch: operations["update_member"];
        trace?: never;
    };
    "/api/v1/members/{user_id}/nodes/{node_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set what a member is at a node
         * @description And below it, beside what they are in the organization.
         */
        put: operations["set_member_node"];
        post?: never;
        /** Take away what a member is at a node */
        delete: operations["remove_member_node"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the organization's tree
         * @description The root first.
         */
        get: operations["list_nodes"];
        put?: never;
        /** Add a unit or team to the tree */
        post: operations["create_node"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/organization": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the caller's organization */
        get: operations["get_organization"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename the organization
         * @description Its slug stays, because tokens start with it.
         */
        patch: operations["update_organization"];
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what is open and what happened lately */
        get: operations["get_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List receivers
         * @description Oldest first, with their health and without their credentials.
         */
        get: operations["list_receivers"];
        put?: never;
        /**
         * Create a receiver
         * @description Which channels there are, and which credentials each needs, is said by `list_channels`; `im_type` and `transport` choose
         *     one. Credentials are sealed and never shown again.
         */
        post: operations["create_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List channels
         * @description How each is addressed, what a receiver of it needs, and what it can do. All are on one page.
         */
        get: operations["list_channels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether anybody is told
         * @description Of issues that name no receiver, within the next seven days: by the receivers for the whole organization that are marked default, their
         *     severities and hours.
         */
        get: operations["get_receiver_coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a receiver */
        get: operations["get_receiver"];
        /**
         * Replace a receiver
         * @description Credentials that are not given stay, as do `is_default` and `status`.
         */
        put: operations["update_receiver"];
        post?: never;
        /**
         * Delete a receiver
         * @description With its credentials and its delivery log.
         */
        delete: operations["delete_receiver"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mail another code to a receiver's address
         * @description The code before fits no more. One a minute and five a day go to an address.
         */
        post: operations["ask_receiver_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a receiver's address
         * @description With the code that was mailed there. It fits for a day, and no more after five wrong ones.
         */
        post: operations["confirm_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the credentials of a receiver
         * @description Those that are stored, with their versions and without their values. All are on one page.
         */
        get: operations["list_receiver_credentials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/credentials/{credential}/forget-earlier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget earlier credentials
         * @description Only the current version is left, at once.
         */
        post: operations["forget_receiver_credentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/credentials/{credential}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use an earlier credential again
         * @description As a new version; the one that is current until then stays as an earlier one.
         */
        post: operations["restore_receiver_credential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a receiver was told
         * @description Newest first.
         */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/receivers/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message
         * @description Now; the answer says what the platform answered.
         */
        post: operations["test_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a run with its steps
         * @description What was done, in order: the match of a skill, each call of a tool with its arguments and result, what was
         *     thought, and the conclusion with the steps that each of its claims rests on.
         */
        get: operations["get_run"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List settings
         * @description Every setting of the organization, with what it may be, what it is, and who changed it.
         */
        get: operations["list_settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a setting */
        get: operations["get_setting"];
        /**
         * Set a setting
         * @description In force from the next transaction that reads it.
         */
        put: operations["set_setting"];
        post?: never;
        /**
         * Reset a setting
         * @description It has its default again, also one that a later version changes.
         */
        delete: operations["reset_setting"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/{key}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview a setting
         * @description What would go within the hour if it had this value, counted up to 10,000.
         */
        get: operations["preview_setting"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List skills
         * @description By name.
         */
        get: operations["list_skills"];
        put?: never;
        /**
         * Create a skill
         * @description Its SOP is checked: `invalid_sop` names every line that is wrong.
         */
        post: operations["create_skill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check an SOP without saving it */
        post: operations["check_sop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a pattern or a skill on past alerts
         * @description Which of the latest 2,000 alerts of the last days would this pattern, or this skill, match?
         */
        post: operations["dry_run_skill"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/match": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the skill that matches an alert
         * @description Nothing is stored.
         */
        post: operations["match_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a skill */
        get: operations["get_skill"];
        /** Replace a skill */
        put: operations["update_skill"];
        post?: never;
        /**
         * Delete a skill
         * @description With the bindings to it. Runs that followed it stay.
         */
        delete: operations["delete_skill"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List access tokens
         * @description The newest first, revoked and expired ones too.
         */
        get: operations["list_tokens"];
        put?: never;
        /**
         * Create an access token
         * @description Its text is in this answer and nowhere else; it may do no more than its maker.
         */
        post: operations["create_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an access token
         * @description This process refuses it at once, others within two seconds.
         */
        delete: operations["revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tools
         * @description By name.
         */
        get: operations["list_tools"];
        put?: never;
        /** Create a tool */
        post: operations["create_tool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/mcp/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * List the tools that an MCP server offers
         * @description `mcp_failed` when it cannot be asked.
         */
        post: operations["list_mcp_tools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a tool */
        get: operations["get_tool"];
        /** Replace a tool */
        put: operations["update_tool"];
        post?: never;
        /**
         * Delete a tool
         * @description Steps of SOPs that call it fail from then on.
         */
        delete: operations["delete_tool"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call a tool to see whether it works
         * @description A tool that fails is an answer, too: `ok` is false and `error` says why.
         */
        post: operations["run_tool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a webhook of Alertmanager or Grafana
         * @description The version 4 webhook of Prometheus' Alertmanager. The whole request is stored or none of it. The answer is sent
         *     after the commit, so whatever was not answered with 202 should be sent again: the fingerprint makes that a repeat.
         */
        post: operations["receive_alertmanager"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hooks/generic": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive alerts of any system
         * @description One alert or an array of up to 1,000: `title` (required), `severity`, `source`, `type`, `description`, `status`
         *     (`firing` or `resolved`), `fingerprint`, `group_key`, `labels`, `annotations`, `starts_at`, `ends_at`, `url`.
         */
        post: operations["receive_generic"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "alert.changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An alert's status, severity or assignee changed. */
        post: operations["alert.changed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "alert.received.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An alert came that was not open. */
        post: operations["alert.received.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "alert.resolved.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Its source says that an alert is over. */
        post: operations["alert.resolved.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "configuration.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A value is no more. */
        post: operations["configuration.deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "configuration.earlier_forgotten.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Earlier versions of a value are no more. */
        post: operations["configuration.earlier_forgotten.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "configuration.restored.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An earlier version of a value is used again. */
        post: operations["configuration.restored.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "configuration.set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A value was set; which one it is is not told. */
        post: operations["configuration.set.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "dead_letter.dismissed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** It need not be tried again: what it was about was done in another way, or is no more. */
        post: operations["dead_letter.dismissed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "delivery.failed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A message could not be delivered, and is not tried again by itself. */
        post: operations["delivery.failed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "delivery.retried.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person has a failed message sent again. */
        post: operations["delivery.retried.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "invitation.accepted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person accepted. */
        post: operations["invitation.accepted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "invitation.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Somebody is invited. */
        post: operations["invitation.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "invitation.declined.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person declined. */
        post: operations["invitation.declined.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "invitation.resent.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An invitation has a new link. */
        post: operations["invitation.resent.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "invitation.revoked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An invitation was taken back. */
        post: operations["invitation.revoked.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.alerts_added.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** More alerts of its group came. */
        post: operations["issue.alerts_added.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An issue's status, severity, receivers or assignee changed. */
        post: operations["issue.changed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.concluded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A run's verdict is in force. */
        post: operations["issue.concluded.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person made an issue of alerts. */
        post: operations["issue.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.erased.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What was said about an issue and by its alerts was erased for ever. */
        post: operations["issue.erased.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.opened.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Alerts came that belong to no open issue, or a person made one of alerts. */
        post: operations["issue.opened.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.reprocess_requested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person has it looked into again. */
        post: operations["issue.reprocess_requested.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "issue.untold.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An issue was opened, and no receiver listens to it. */
        post: operations["issue.untold.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.cancelled.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A job is not to be done, or not to the end. */
        post: operations["job.cancelled.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "job.replayed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A job that was given up is tried again. */
        post: operations["job.replayed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.added.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person became a member. */
        post: operations["member.added.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.address_proved.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member proved their address. */
        post: operations["member.address_proved.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.bound.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member's account has the id that Supabase Auth knows them by. */
        post: operations["member.bound.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.node_removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member has nothing more at a node. */
        post: operations["member.node_removed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.node_set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member has a role, or permissions, at a node. */
        post: operations["member.node_set.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.password_set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member, or the operator, set the member's password. */
        post: operations["member.password_set.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person is no member any more. */
        post: operations["member.removed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.sessions_ended.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member ended their own sessions elsewhere. */
        post: operations["member.sessions_ended.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.signed_in.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member signed in. */
        post: operations["member.signed_in.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.signed_out.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member signed out. */
        post: operations["member.signed_out.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "member.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member's role or status changed. */
        post: operations["member.updated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "node.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new unit or team. */
        post: operations["node.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.activated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An organization is let in again. */
        post: operations["organization.activated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new organization. */
        post: operations["organization.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.data_removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an organization keeps no longer was removed: so much of a kind, in one turn. */
        post: operations["organization.data_removed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An organization is given up. */
        post: operations["organization.deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.queue_changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A queue was paused, goes on, or runs another number of jobs at once. */
        post: operations["organization.queue_changed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.renamed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An organization has another name. */
        post: operations["organization.renamed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "organization.suspended.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Nobody of an organization is let in any more. */
        post: operations["organization.suspended.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.asked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A code was mailed to a receiver's address again. */
        post: operations["receiver.asked.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.confirmed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whoever reads the mail of a receiver's address has agreed. */
        post: operations["receiver.confirmed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new receiver. */
        post: operations["receiver.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.credential_restored.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An earlier version of a credential is used again. */
        post: operations["receiver.credential_restored.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.credentials_forgotten.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Earlier versions of a credential are no more. */
        post: operations["receiver.credentials_forgotten.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A receiver is no more. */
        post: operations["receiver.deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.failing.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A receiver cannot be told any more. */
        post: operations["receiver.failing.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.gone.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A receiver said that it wants nothing any more, and was made inactive. */
        post: operations["receiver.gone.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.recovered.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A receiver that failed was told something. */
        post: operations["receiver.recovered.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.tested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person had a test message sent. */
        post: operations["receiver.tested.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.unknown.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Something names a receiver that there is not. */
        post: operations["receiver.unknown.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "receiver.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A receiver was changed. */
        post: operations["receiver.updated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "run.cancelled.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Another run of the same subject took its place. */
        post: operations["run.cancelled.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "run.concluded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A run ended with a verdict. */
        post: operations["run.concluded.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "run.failed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A run was given up. */
        post: operations["run.failed.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "run.started.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Something is looked into. */
        post: operations["run.started.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "run.step_recorded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A run did something; the step itself is read with the run. */
        post: operations["run.step_recorded.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "setting.reset.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A setting has its default again. */
        post: operations["setting.reset.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "setting.set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A setting has another value. */
        post: operations["setting.set.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.binding_created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Alerts of a pattern lead to a skill. */
        post: operations["skill.binding_created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.binding_deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A binding is no more. */
        post: operations["skill.binding_deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.binding_updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A binding was changed. */
        post: operations["skill.binding_updated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new skill. */
        post: operations["skill.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A skill is no more, and what led to it. */
        post: operations["skill.deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "skill.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A skill was changed. */
        post: operations["skill.updated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "token.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new token; the token itself is not told. */
        post: operations["token.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "token.revoked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A token opens nothing any more. */
        post: operations["token.revoked.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tool.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** There is a new tool. */
        post: operations["tool.created.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tool.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A tool is no more. */
        post: operations["tool.deleted.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tool.tested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person tried a tool out; its arguments may be anything and are not kept. */
        post: operations["tool.tested.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tool.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A tool was changed. */
        post: operations["tool.updated.v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        AcceptInvitation: {
            name?: string | null;
            /** @description 12 to 128 characters. */
            password: string;
            /** @description What stands behind `#` in the link. */
            token: string;
        };
        /** @description A membership that somebody accepted. */
        Accepted: {
            /** @description The slug to enter. */
            organization: string;
            organization_id: components["schemas"]["OrgId"];
        };
        /** @description The account that a member has. */
        Account: {
            email?: string | null;
            user_id: components["schemas"]["UserId"];
        };
        /** @description Everything about an alert. */
        AlertDetail: components["schemas"]["AlertRow"] & {
            annotations: {
                [key: string]: string;
            };
            description?: string | null;
            generator_url?: string | null;
            group_key: string;
            /** @description Newest first. */
            issues: components["schemas"]["IssueLink"][];
            /** @description What the source sent last, narrowed to this alert. */
            raw_payload: unknown;
            receiver_im?: string | null;
            resolved_by?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            status_changed_at: string;
            status_changed_by?: components["schemas"]["Person"] | null;
        };
        /** @description How many alerts match a filter, by value. */
        AlertFacets: {
            severity: {
                [key: string]: number;
            };
            /** @description The most frequent first, up to a hundred. */
            source: components["schemas"]["SourceCount"][];
            status: {
                [key: string]: number;
            };
        };
        /** Format: uuid */
        AlertId: string;
        /** @description An alert in a list. */
        AlertRow: {
            alert_type: string;
            assigned_to?: components["schemas"]["Person"] | null;
            /** Format: date-time */
            ends_at?: string | null;
            fingerprint: string;
            id: components["schemas"]["AlertId"];
            issue_id?: components["schemas"]["IssueId"] | null;
            labels: {
                [key: string]: string;
            };
            /** Format: date-time */
            last_seen_at: string;
            /**
             * Format: uuid
             * @description The unit or team that owns it; the whole organization when there is none.
             */
            node_id?: string | null;
            /**
             * Format: int64
             * @description How often its source said that it fires.
             */
            occurrences: number;
            /** Format: date-time */
            received_at: string;
            /** Format: date-time */
            resolved_at?: string | null;
            severity: components["schemas"]["Severity"];
            source: string;
            /** Format: date-time */
            starts_at: string;
            status: components["schemas"]["AlertStatus"];
            title: string;
        };
        /** @description What changed of an alert. */
        AlertState: {
            /** @default null */
            assigned_to: components["schemas"]["UserId"] | null;
            /** @default null */
            severity: components["schemas"]["Severity"] | null;
            /** @default null */
            status: components["schemas"]["AlertStatus"] | null;
        };
        /**
         * @description Where an alert is in its life.
         * @enum {string}
         */
        AlertStatus: "open" | "investigating" | "resolved" | "false_positive" | "ignored";
        /** @description What of an alert decides on the skill. */
        AlertText: {
            alert_type?: string;
            description?: string;
            labels?: {
                [key: string]: string;
            };
            title: string;
        };
        /** @description One change for many alerts. */
        AlertsBulk: {
            action: components["schemas"]["AlertsBulkAction"];
            /** @description Up to 500. */
            ids: components["schemas"]["AlertId"][];
            reason?: string | null;
            user_id?: components["schemas"]["UserId"] | null;
        };
        /**
         * @description What to do with each of several alerts.
         * @enum {string}
         */
        AlertsBulkAction: "assign" | "resolve" | "false_positive" | "ignore" | "reopen" | "investigate";
        AlertsBulkAnswer: {
            /** @description One for each id, in the order of the request. */
            results: components["schemas"]["AlertsBulkResult"][];
        };
        AlertsBulkResult: {
            /** @description Why not. */
            code?: string | null;
            detail?: string | null;
            id: components["schemas"]["AlertId"];
            ok: boolean;
        };
        Asked: Record<string, never>;
        /** @description Whose work it is. */
        Assignment: {
            user_id?: components["schemas"]["UserId"] | null;
        };
        /** @description One change, and who made it. */
        AuditLine: {
            /** @description Such as `skill.updated`. */
            action: string;
            /** Format: uuid */
            actor_id: string | null;
            actor_name: string;
            /** @description `user`, `token` or `system`. */
            actor_type: string;
            after: unknown;
            before: unknown;
            id: components["schemas"]["EventId"];
            ip: string | null;
            /** Format: date-time */
            occurred_at: string;
            reason: string | null;
            /** Format: uuid */
            subject_id: string;
            subject_type: string;
            user_agent: string | null;
        };
        /** @description A pattern and the skill it leads to. */
        Binding: {
            alert_pattern: string;
            id: components["schemas"]["BindingId"];
            /** Format: int32 */
            priority: number;
            skill_id: components["schemas"]["SkillId"];
        };
        /** @description What to change of a binding; the rest stays. */
        BindingChange: {
            alert_pattern?: string | null;
            /** Format: int32 */
            priority?: number | null;
            skill_id?: components["schemas"]["SkillId"] | null;
        };
        /**
         * Format: uuid
         * @description A pattern that ties alerts to a skill.
         */
        BindingId: string;
        /** @description A binding, with the name of its skill. */
        BindingRow: {
            alert_pattern: string;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["BindingId"];
            node_id: components["schemas"]["NodeId"] | null;
            /** Format: int32 */
            priority: number;
            skill: components["schemas"]["SkillName"];
        };
        BySeverity: {
            /** Format: int64 */
            critical: number;
            /** Format: int64 */
            high: number;
            /** Format: int64 */
            low: number;
            /** Format: int64 */
            medium: number;
        };
        /** @description Which job is not to be done. */
        Cancelled: {
            kind: string;
            /** @description Whether it ran: then it was told to stop. */
            was_running: boolean;
        };
        /** @description A skill that was considered. */
        Candidate: {
            how: components["schemas"]["How"];
            name: string;
            /** @description In words. */
            reason: string;
            /**
             * Format: double
             * @description From 0 to 1; a binding that matches has 1.
             */
            score: number;
            skill_id: components["schemas"]["SkillId"];
        };
        ChangePassword: {
            current_password: string;
            /** @description 12 to 128 characters. */
            password: string;
        };
        /** @description What changes; what is left out stays. */
        ChangeQueue: {
            /**
             * Format: int32
             * @description 1 to 1000; null for as many as there is room for.
             */
            concurrency?: number | null;
            paused?: boolean | null;
        };
        /** @description A channel: a way of a platform to be told, as the API shows it. */
        Channel: {
            abilities: components["schemas"]["ChannelAbilities"];
            /** @description The name of its folder. */
            id: string;
            /** @description The platform, as receivers have it. */
            im_type: components["schemas"]["ImType"];
            limits: components["schemas"]["ChannelLimits"];
            /** @description For people: "Slack app". */
            name: string;
            /** @description What somebody fills in to be told there, in the order of the form. */
            settings: components["schemas"]["ChannelSetting"][];
            /** @description How the platform is reached, as receivers have it. */
            transport: components["schemas"]["Transport"];
        };
        ChannelAbilities: {
            /** @description Whoever is at the destination agrees before anything is told there; see `confirm_receiver`. */
            confirms: boolean;
            /** @description One message about a subject, edited as that changes; otherwise a message for each state. */
            edits: boolean;
        };
        /** @description What the platform takes. Messages are made to keep to it; what comes too fast waits as long as the platform asks. */
        ChannelLimits: {
            /**
             * Format: int32
             * @description The largest request, in bytes.
             */
            request_bytes: number | null;
            /**
             * Format: int32
             * @description The longest single text of a message, in UTF-16 units.
             */
            text_units: number | null;
        };
        /** @description A field of a receiver's form. */
        ChannelSetting: {
            /** @description It goes in and never comes out. */
            credential: boolean;
            format: components["schemas"]["SettingFormat"];
            /** @description Where to find it, or what it looks like. */
            help: string;
            label: string;
            /** @description Of the field of the API. A credential is sealed under it. */
            name: string;
            required: boolean;
        };
        /** @description A sentence of a conclusion and the steps it rests on. */
        Claim: {
            /** @description `seq` of each step; at least one. */
            steps: number[];
            text: string;
            /** @description Whether every quoted value and number of the text occurs in what these steps brought to light. */
            verified: boolean;
        };
        /** @description What a run found out. */
        Conclusion: {
            /** @description What a person should do. */
            actions: string[];
            cause?: string | null;
            claims: components["schemas"]["Claim"][];
            /**
             * Format: double
             * @description From 0 to 1, as far as somebody judged it.
             */
            confidence?: number | null;
            /** @description The verdict as a flag; null when it is undetermined. */
            is_real_issue?: boolean | null;
            /** @description What was left out of the conclusion or changed in it, and why. */
            remarks?: string[];
            /** @description One sentence. */
            summary: string;
            verdict: components["schemas"]["Verdict"];
        };
        /** @description A sealed setting, without its value. */
        Configuration: {
            config_key: string;
            /** @description Groups values, such as `general`. */
            config_type: string;
            id: components["schemas"]["ConfigurationId"];
            /** Format: date-time */
            updated_at: string;
            updated_by: components["schemas"]["UserId"] | null;
        };
        /** Format: uuid */
        ConfigurationId: string;
        ConfigurationName: {
            config_key: string;
            config_type: string;
        };
        /** @description Which version is used again. */
        ConfigurationVersion: {
            config_key: string;
            config_type: string;
            /**
             * Format: int32
             * @description Its number until then.
             */
            restored: number;
            /**
             * Format: int32
             * @description Its number from then on.
             */
            version: number;
        };
        /** @description Which versions are no more. */
        ConfigurationVersions: {
            config_key: string;
            config_type: string;
            versions: number[];
        };
        /** @description The code that whoever reads the mail of an address was sent. */
        ConfirmationCode: {
            /** @description In any case; spaces and dashes are left out. */
            code: string;
        };
        Confirmed: Record<string, never>;
        Count: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            count: number;
        };
        /** @description What is over. */
        Counted: {
            /**
             * Format: int64
             * @description How many; 10,000 may be more.
             */
            count: number;
            /**
             * Format: date-time
             * @description When the oldest of them ended.
             */
            oldest: string | null;
        };
        CreateNode: {
            /** @description `unit` or `team`. */
            kind: components["schemas"]["NodeKind"];
            name: string;
            parent_id?: components["schemas"]["NodeId"] | null;
            slug: string;
        };
        CreateToken: {
            /**
             * Format: date-time
             * @description Never, unless given.
             */
            expires_at?: string | null;
            name: string;
            node_id?: components["schemas"]["NodeId"] | null;
            owner?: components["schemas"]["Owner"] | null;
            role?: components["schemas"]["Role"] | null;
            scopes: components["schemas"]["TokenScope"][];
        };
        /** @description A new token, with the text that is shown this once. */
        CreatedToken: components["schemas"]["Token"] & {
            /** @description Copy it now: it is not kept. */
            token: string;
        };
        /**
         * @description A credential of a receiver.
         * @enum {string}
         */
        Credential: "bot_token" | "webhook_url" | "app_id" | "app_secret" | "signing_secret";
        /** @description Which version is used again. */
        CredentialRestored: {
            credential: components["schemas"]["Credential"];
            /**
             * Format: int32
             * @description Its number until then.
             */
            restored: number;
            /**
             * Format: int32
             * @description Its number from then on.
             */
            version: number;
        };
        /** @description Which versions are no more. */
        CredentialsForgotten: {
            credential: components["schemas"]["Credential"];
            versions: number[];
        };
        /**
         * @description How a turn of a periodic task ended.
         * @enum {string}
         */
        CronOutcome: "succeeded" | "failed" | "panicked" | "lost";
        /** @description A periodic task of the server. */
        CronTask: {
            /** Format: date-time */
            last_finished_at?: string | null;
            last_outcome?: components["schemas"]["CronOutcome"] | null;
            /** Format: date-time */
            last_started_at?: string | null;
            name: string;
            /** Format: date-time */
            next_at: string;
            /**
             * Format: double
             * @description In seconds. A turn begins this long after the one before it began, or when that has ended.
             */
            period: number;
            /**
             * Format: date-time
             * @description When the turn began that is going on.
             */
            running_since?: string | null;
        };
        /** @description The skill that an alert was investigated with. */
        CurrentSkill: {
            name: string;
            skill_id: components["schemas"]["SkillId"];
        };
        /** @description The position after a row. Opaque to clients. */
        Cursor: string;
        /** @description A letter for people. */
        DeadLetter: {
            /** Format: date-time */
            created_at: string;
            /** @description What was said last. */
            error: string;
            /** @description Every failed attempt, where its source keeps them: when, and what was said. */
            errors: unknown;
            /** @description What it was: a job's kind. */
            event_type: string;
            /** Format: uuid */
            id: string;
            /** @description Whether somebody said that it need not be tried again. */
            is_dismissed: boolean;
            /**
             * Format: date-time
             * @description When it was put back to be tried again, or dismissed.
             */
            processed_at?: string | null;
            /**
             * Format: int32
             * @description How often it was tried again before.
             */
            retry_count: number;
            /** @description Who gave up: `job`. */
            source: string;
        };
        /** @description One thing that a receiver was told, or is to be told. */
        Delivery: {
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            delivered_at?: string | null;
            /** @description What the platform said to the last attempt; none when it was delivered. */
            error?: string | null;
            id: components["schemas"]["DeliveryId"];
            instead_of?: components["schemas"]["ReceiverId"] | null;
            /** @description `opened`, `analyzing`, `in_progress`, `concluded`, `resolved`, `false_positive` or `unable_to_resolve`. */
            state: string;
            /** @description `pending`, `delivered`, `failed`, or `superseded`: something newer was told instead. */
            status: string;
            /** Format: uuid */
            subject_id: string;
            subject_type: string;
            title: string;
        };
        /** Format: uuid */
        DeliveryId: string;
        /** @description Which letter needs nobody any more. */
        Dismissed: {
            event_type: string;
            source: string;
        };
        /** @description The alerts that would match. */
        DryRun: {
            /** @description How many alerts were looked at. */
            checked: number;
            /** @description The latest first. */
            matched: components["schemas"]["PastMatch"][];
        };
        /** @description What to try: a pattern or a skill. */
        DryRunRequest: {
            /**
             * Format: int32
             * @description How far to look back; 7 unless given, at most 90.
             */
            days?: number | null;
            /** @description `/regex/`, `/regex/i` or keywords. */
            pattern?: string | null;
            skill_id?: components["schemas"]["SkillId"] | null;
        };
        Erased: {
            alert_count: number;
            /** @description The first hundred of the alerts whose texts went as well. */
            alert_ids: components["schemas"]["AlertId"][];
        };
        /** @description An event as its readers get it: reactions and the live stream. */
        Event: {
            id: components["schemas"]["EventId"];
            kind: string;
            node_id: components["schemas"]["NodeId"] | null;
            /** Format: date-time */
            occurred_at: string;
            payload: unknown;
            /** Format: uuid */
            subject_id: string;
            subject_type: string;
        };
        /** Format: uuid */
        EventId: string;
        /** @description A receiver whose messages do not arrive. */
        FailingReceiver: {
            /** Format: int32 */
            consecutive_failures: number;
            id: components["schemas"]["ReceiverId"];
            im_type: string;
            last_error?: string | null;
            /** Format: date-time */
            last_failed_at?: string | null;
            name: string;
            receiver_im: string;
        };
        /** @description One place of the input that is wrong. */
        FieldError: {
            detail: string;
            /** @description JSON Pointer (RFC 6901) into the body, or the name of a parameter. */
            pointer: string;
        };
        ForgottenPassword: {
            email: string;
            /** @description The slug of the organization; needed for an account whose address is not proved. */
            organization?: string | null;
        };
        /** @description Issues of this severity that name no receiver are told to nobody from some moment on. */
        Gap: {
            /**
             * Format: date-time
             * @description The first such moment of the next seven days, to a quarter of an hour.
             */
            at: string;
            severity: components["schemas"]["Urgency"];
        };
        /**
         * @description What the last deliveries say.
         * @enum {string}
         */
        Health: "unknown" | "ok" | "failing";
        /** @description One change, and who made it. */
        HistoryLine: {
            /** @description Such as `issue.changed`. */
            action: string;
            actor_name: string;
            /** @description `user`, `token` or `system`. */
            actor_type: string;
            after: unknown;
            before: unknown;
            id: components["schemas"]["EventId"];
            /** Format: date-time */
            occurred_at: string;
            reason: string | null;
        };
        /** @description Somebody who holds the link of an invitation. */
        HoldsInvitation: {
            /** @description What stands behind `#` in the link. */
            token: string;
        };
        /**
         * @description How a skill came to be considered.
         * @enum {string}
         */
        How: "binding" | "semantic" | "requested";
        /**
         * @description A messaging platform.
         * @enum {string}
         */
        ImType: "slack" | "lark" | "email" | "webhook";
        /** @description One alert of the answer, in the order of the request. */
        IngestEntry: {
            fingerprint: string;
            id?: components["schemas"]["AlertId"] | null;
            outcome: components["schemas"]["IngestOutcome"];
        };
        /**
         * @description What became of one alert of a request.
         * @enum {string}
         */
        IngestOutcome: "created" | "repeated" | "resolved" | "unmatched_resolve";
        /** @description The answer to a hook, sent after the commit. */
        IngestReceipt: {
            /** @description Alerts in the request. */
            accepted: number;
            alerts: components["schemas"]["IngestEntry"][];
            created: number;
            /** @description Ends of alerts that were not open. */
            ignored: number;
            repeated: number;
            resolved: number;
            /** @description What was cut or replaced to be stored. */
            warnings: string[];
        };
        /** @description An invitation as the organization sees it: an address and what became of it. */
        Invitation: {
            /** Format: date-time */
            created_at: string;
            delivery: components["schemas"]["InvitationDelivery"];
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            /** @description Who invited; none when it was a program, or somebody who left. */
            invited_by: string | null;
            node_id: components["schemas"]["NodeId"] | null;
            role: components["schemas"]["Role"];
            /** @description Why the mail could not be sent so far. */
            send_error: string | null;
            /**
             * Format: date-time
             * @description When the mail was handed over.
             */
            sent_at: string | null;
            state: components["schemas"]["InvitationState"];
        };
        InvitationAddress: {
            email: string;
        };
        /**
         * @description How the link reaches the person.
         * @enum {string}
         */
        InvitationDelivery: "mail" | "link";
        /**
         * Format: uuid
         * @description An invitation to an organization.
         */
        InvitationId: string;
        InvitationMade: {
            delivery: components["schemas"]["InvitationDelivery"];
            email: string;
            node_id: components["schemas"]["NodeId"] | null;
            role: components["schemas"]["Role"];
        };
        InvitationSent: {
            delivery: components["schemas"]["InvitationDelivery"];
        };
        /**
         * @description Where an invitation stands.
         * @enum {string}
         */
        InvitationState: "pending" | "expired" | "accepted" | "declined" | "revoked";
        Invite: {
            delivery?: components["schemas"]["InvitationDelivery"] | null;
            email: string;
            node_id?: components["schemas"]["NodeId"] | null;
            /** @description In the whole organization, or at the node. */
            role: components["schemas"]["Role"];
        };
        /** @description An invitation, with the link that is shown this once. */
        Invited: components["schemas"]["Invitation"] & {
            /** @description With delivery `link`: hand it to the person; it is not kept. None when it goes by mail. */
            link: string | null;
        };
        IssueAndMore: components["schemas"]["IssueRow"] & {
            created_by?: components["schemas"]["Person"] | null;
            description?: string | null;
            group_key: string;
            /** @description The `receiver_im` names that its alerts came with. */
            receivers: string[];
            resolved_by?: components["schemas"]["Person"] | null;
            /**
             * Format: uuid
             * @description The run whose conclusion is shown or awaited.
             */
            run_id?: string | null;
        };
        /** @description Everything about an issue except its runs. */
        IssueDetail: components["schemas"]["IssueAndMore"] & {
            /** @description Newest first, up to 200; the list of alerts filtered by `issue_id` has all. */
            alerts: components["schemas"]["AlertRow"][];
        };
        /** Format: uuid */
        IssueId: string;
        /** @description An issue that an alert belongs or belonged to. */
        IssueLink: {
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["IssueId"];
            status: components["schemas"]["IssueStatus"];
            title: string;
        };
        /** @description An issue as it was made. */
        IssueMade: {
            /** @description The first hundred. */
            alert_ids: components["schemas"]["AlertId"][];
            status: components["schemas"]["IssueStatus"];
        };
        /** @description An issue in a list. */
        IssueRow: {
            /** @description What its run concluded, in a few sentences. */
            ai_conclusion?: string | null;
            /** Format: int64 */
            alert_count: number;
            assigned_to?: components["schemas"]["Person"] | null;
            cause?: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When what was said about it was erased, for ever.
             */
            erased_at?: string | null;
            id: components["schemas"]["IssueId"];
            is_real_issue?: boolean | null;
            /**
             * Format: uuid
             * @description The unit or team that owns it; the whole organization when there is none.
             */
            node_id?: string | null;
            /** Format: date-time */
            resolved_at?: string | null;
            severity: components["schemas"]["Severity"];
            skill?: components["schemas"]["SkillLink"] | null;
            status: components["schemas"]["IssueStatus"];
            title: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What changed of an issue. */
        IssueState: {
            /** @default null */
            assigned_to: components["schemas"]["UserId"] | null;
            /** @default null */
            is_real_issue: boolean | null;
            /** @default null */
            receivers: string[] | null;
            /** @default null */
            severity: components["schemas"]["Severity"] | null;
            /** @default null */
            status: components["schemas"]["IssueStatus"] | null;
        };
        /**
         * @description Where an issue is in its life.
         * @enum {string}
         */
        IssueStatus: "analyzing" | "in_progress" | "resolved" | "false_positive" | "unable_to_resolve";
        /**
         * @description What a run found out.
         * @enum {string}
         */
        IssueVerdict: "real" | "false_positive" | "undetermined";
        /** @description A job, as far as people see it. */
        Job: {
            /**
             * Format: int32
             * @description Attempts that were begun.
             */
            attempt: number;
            /**
             * Format: date-time
             * @description Since when it has been asked to stop.
             */
            cancel_requested_at?: string | null;
            /** @description Whether a person may cancel it now: a reaction must be done. */
            cancellable: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            finished_at?: string | null;
            id: components["schemas"]["JobId"];
            kind: string;
            /** @description Jobs of one lane run one after the other. */
            lane?: string | null;
            /** @description What its last failed attempt said. */
            last_error?: string | null;
            /** Format: int32 */
            max_attempts?: number | null;
            /**
             * Format: int32
             * @description A point counts like a minute of waiting.
             */
            priority?: number | null;
            progress?: components["schemas"]["Progress"] | null;
            queue: string;
            /** @description What it came to, if that was asked for. */
            result?: unknown;
            /**
             * Format: date-time
             * @description When it is due, or was.
             */
            run_at?: string | null;
            /**
             * Format: date-time
             * @description When its last attempt began.
             */
            started_at?: string | null;
            state: components["schemas"]["JobState"];
        };
        /** Format: uuid */
        JobId: string;
        /**
         * @description Where a job is.
         * @enum {string}
         */
        JobState: "scheduled" | "available" | "running" | "completed" | "cancelled" | "dead";
        /** @description The outcome of a match; the metadata of a `skill_matched` step. */
        Matched: {
            /** @description Bindings in the order of their priority, then by score. */
            candidates: components["schemas"]["Candidate"][];
            matched: components["schemas"]["MatchedSkill"] | null;
            /** Format: double */
            threshold: number;
        };
        /** @description The skill that matches. */
        MatchedSkill: {
            how: components["schemas"]["How"];
            name: string;
            skill_id: components["schemas"]["SkillId"];
        };
        /** @description The server of an MCP tool. */
        McpServer: {
            /** @description As in a tool's configuration, without the tool. */
            config: unknown;
        };
        /** @description A tool that a server offers. */
        McpTool: {
            description: string | null;
            /** @description JSON Schema of the arguments. */
            input_schema: unknown;
            name: string;
        };
        /** @description What an MCP server offers. */
        McpTools: {
            tools: components["schemas"]["McpTool"][];
        };
        /** @description The caller. */
        Me: {
            /** @description To be sent as `X-CSRF-Token` with everything but GET; none without a session. */
            csrf_token: string | null;
            /** @description What the caller may do at nodes of the tree and below them, beside that. */
            nodes: components["schemas"]["MyNode"][];
            organization: components["schemas"]["MyOrganization"];
            /** @description Where the caller may enter. */
            organizations: components["schemas"]["MyOrganization"][];
            /** @description What the caller may do in the whole organization, such as `alerts:read`. */
            permissions: string[];
            /** @description In the organization; none for somebody who acts in some of its nodes only. */
            role: string | null;
            token: components["schemas"]["MyToken"] | null;
            user: components["schemas"]["MyUser"] | null;
        };
        /** @description A person as the organization sees them. */
        Member: {
            /** @description `local` for a password, else who vouches for the person. */
            auth_provider: string;
            avatar_url: string | null;
            /**
             * Format: date-time
             * @description When the person became a member.
             */
            created_at: string;
            email: string;
            /** @description Whether the address is proved. An account whose address is not works in this organization only. */
            email_verified: boolean;
            /** Format: date-time */
            last_sign_in_at: string | null;
            name: string | null;
            /** @description What they are at nodes of the tree, and below them. */
            nodes: components["schemas"]["MemberNode"][];
            role: components["schemas"]["Role"] | null;
            /** @description Of the membership. */
            status: components["schemas"]["MemberStatus"];
            user_id: components["schemas"]["UserId"];
            /** @description Of the person, in every organization. */
            user_status: components["schemas"]["MemberStatus"];
        };
        /** @description What a person is at a node and below it. */
        MemberNode: {
            name: string;
            node_id: components["schemas"]["NodeId"];
            /** @description Single permissions beside the role's. */
            permissions: string[];
            role: components["schemas"]["Role"] | null;
        };
        MemberState: {
            role: components["schemas"]["Role"] | null;
            status: components["schemas"]["MemberStatus"];
        };
        /**
         * @description Of a person, or of a membership.
         * @enum {string}
         */
        MemberStatus: "active" | "inactive";
        MemberSummary: {
            email: string;
            node_id?: components["schemas"]["NodeId"] | null;
            role: components["schemas"]["Role"] | null;
        };
        /**
         * @description Who decides what to do next.
         * @enum {string}
         */
        Mode: "rules" | "model";
        /** @description Who investigates: a model, or the executable steps of skills. */
        ModelStatus: {
            configured: boolean;
            embedding_model: string;
            name?: string | null;
        };
        /** @description An invitation as the invited person sees it. */
        MyInvitation: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            invited_by: string | null;
            /** @description The name of the organization. */
            organization: string;
            role: components["schemas"]["Role"];
        };
        MyNode: {
            id: components["schemas"]["NodeId"];
            name: string;
            permissions: string[];
        };
        MyOrganization: {
            id: components["schemas"]["OrgId"];
            name: string;
            slug: string;
        };
        MyToken: {
            id: components["schemas"]["TokenId"];
            name: string;
        };
        MyUser: {
            avatar_url: string | null;
            email: string;
            /** @description Whether the address is proved. An account whose address is not works in one organization only. */
            email_verified: boolean;
            /** @description Whether the person signs in with a password of their own. */
            has_password: boolean;
            id: components["schemas"]["UserId"];
            name: string | null;
        };
        Name: {
            name: string;
        };
        /** @description A binding to be created. */
        NewBinding: {
            /** @description `/regex/`, `/regex/i`, or keywords that must all be found. */
            alert_pattern: string;
            /**
             * Format: int32
             * @description The highest is tried first; 0 unless given.
             */
            priority?: number;
            skill_id: components["schemas"]["SkillId"];
        };
        /** @description An issue to open. */
        NewIssue: {
            /** @description 1 to 200 alerts that have no open issue. */
            alert_ids: components["schemas"]["AlertId"][];
            /** @description The title of the worst alert unless given. */
            title?: string | null;
        };
        /** @description A node of the tree. */
        Node: {
            id: components["schemas"]["NodeId"];
            kind: components["schemas"]["NodeKind"];
            name: string;
            parent_id: components["schemas"]["NodeId"] | null;
            slug: string;
        };
        /**
         * Format: uuid
         * @description A node of an organization's tree.
         */
        NodeId: string;
        /**
         * @description What a node stands for.
         * @enum {string}
         */
        NodeKind: "org" | "unit" | "team";
        /** @description What somebody is at a node and below it. */
        NodeRights: {
            node_id: components["schemas"]["NodeId"];
            permissions: string[];
            role: components["schemas"]["Role"] | null;
        };
        /** @description A [`Change`] says no more than that it was made. */
        Nothing: Record<string, never>;
        /** @description What an invitation offers. */
        Offer: {
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            /** @description The name of the organization. */
            organization: string;
            /** @description Its slug. */
            organization_slug: string;
            /**
             * @description Whether the link went to the address by mail. If it did not, an account that is made with it works in this organization
             *     only, and signs in by naming it.
             */
            proves_address: boolean;
            role: components["schemas"]["Role"];
        };
        OpenIssues: {
            /** Format: int64 */
            analyzing: number;
            /** Format: int64 */
            in_progress: number;
        };
        /**
         * Format: uuid
         * @description An organization: the tenant.
         */
        OrgId: string;
        /** @description A tenant. */
        Organization: {
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["OrgId"];
            name: string;
            /** @description Unique, short and fixed: it starts the organization's tokens. */
            slug: string;
            status: components["schemas"]["OrganizationStatus"];
        };
        OrganizationMade: {
            name: string;
            slug: string;
        };
        OrganizationState: {
            status: components["schemas"]["OrganizationStatus"];
        };
        /**
         * @description Whether an organization may do anything.
         * @enum {string}
         */
        OrganizationStatus: "active" | "suspended" | "deleted";
        /** @description Everything that the first page shows. */
        Overview: {
            /**
             * Format: int64
             * @description Work that was given up and waits for somebody.
             */
            dead_letters: number;
            failing_receivers: components["schemas"]["FailingReceiver"][];
            /** @description Alerts received in each hour in which there were any. */
            ingest: components["schemas"]["Count"][];
            /**
             * Format: double
             * @description From an issue's opening to the end of its first concluded run; of the newest 5,000 issues in the window.
             */
            median_seconds_to_conclusion?: number | null;
            model: components["schemas"]["ModelStatus"];
            open_alerts: components["schemas"]["BySeverity"];
            open_issues: components["schemas"]["OpenIssues"];
            recent_issues: components["schemas"]["RecentIssue"][];
            /** @description Verdicts of each day in which there were any. */
            verdict_series: components["schemas"]["VerdictDay"][];
            /** @description Issues concluded in the window. */
            verdicts: components["schemas"]["Verdicts"];
        };
        /**
         * @description Who a token acts for.
         * @enum {string}
         */
        Owner: "organization" | "person";
        /** @description One page of a list. */
        Page_AlertRow: {
            items: {
                alert_type: string;
                assigned_to?: components["schemas"]["Person"] | null;
                /** Format: date-time */
                ends_at?: string | null;
                fingerprint: string;
                id: components["schemas"]["AlertId"];
                issue_id?: components["schemas"]["IssueId"] | null;
                labels: {
                    [key: string]: string;
                };
                /** Format: date-time */
                last_seen_at: string;
                /**
                 * Format: uuid
                 * @description The unit or team that owns it; the whole organization when there is none.
                 */
                node_id?: string | null;
                /**
                 * Format: int64
                 * @description How often its source said that it fires.
                 */
                occurrences: number;
                /** Format: date-time */
                received_at: string;
                /** Format: date-time */
                resolved_at?: string | null;
                severity: components["schemas"]["Severity"];
                source: string;
                /** Format: date-time */
                starts_at: string;
                status: components["schemas"]["AlertStatus"];
                title: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_AuditLine: {
            items: {
                /** @description Such as `skill.updated`. */
                action: string;
                /** Format: uuid */
                actor_id: string | null;
                actor_name: string;
                /** @description `user`, `token` or `system`. */
                actor_type: string;
                after: unknown;
                before: unknown;
                id: components["schemas"]["EventId"];
                ip: string | null;
                /** Format: date-time */
                occurred_at: string;
                reason: string | null;
                /** Format: uuid */
                subject_id: string;
                subject_type: string;
                user_agent: string | null;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_BindingRow: {
            items: {
                alert_pattern: string;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["BindingId"];
                node_id: components["schemas"]["NodeId"] | null;
                /** Format: int32 */
                priority: number;
                skill: components["schemas"]["SkillName"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Channel: {
            items: {
                abilities: components["schemas"]["ChannelAbilities"];
                /** @description The name of its folder. */
                id: string;
                /** @description The platform, as receivers have it. */
                im_type: components["schemas"]["ImType"];
                limits: components["schemas"]["ChannelLimits"];
                /** @description For people: "Slack app". */
                name: string;
                /** @description What somebody fills in to be told there, in the order of the form. */
                settings: components["schemas"]["ChannelSetting"][];
                /** @description How the platform is reached, as receivers have it. */
                transport: components["schemas"]["Transport"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Configuration: {
            items: {
                config_key: string;
                /** @description Groups values, such as `general`. */
                config_type: string;
                id: components["schemas"]["ConfigurationId"];
                /** Format: date-time */
                updated_at: string;
                updated_by: components["schemas"]["UserId"] | null;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_CronTask: {
            items: {
                /** Format: date-time */
                last_finished_at?: string | null;
                last_outcome?: components["schemas"]["CronOutcome"] | null;
                /** Format: date-time */
                last_started_at?: string | null;
                name: string;
                /** Format: date-time */
                next_at: string;
                /**
                 * Format: double
                 * @description In seconds. A turn begins this long after the one before it began, or when that has ended.
                 */
                period: number;
                /**
                 * Format: date-time
                 * @description When the turn began that is going on.
                 */
                running_since?: string | null;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_DeadLetter: {
            items: {
                /** Format: date-time */
                created_at: string;
                /** @description What was said last. */
                error: string;
                /** @description Every failed attempt, where its source keeps them: when, and what was said. */
                errors: unknown;
                /** @description What it was: a job's kind. */
                event_type: string;
                /** Format: uuid */
                id: string;
                /** @description Whether somebody said that it need not be tried again. */
                is_dismissed: boolean;
                /**
                 * Format: date-time
                 * @description When it was put back to be tried again, or dismissed.
                 */
                processed_at?: string | null;
                /**
                 * Format: int32
                 * @description How often it was tried again before.
                 */
                retry_count: number;
                /** @description Who gave up: `job`. */
                source: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Delivery: {
            items: {
                /** Format: int32 */
                attempts: number;
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                delivered_at?: string | null;
                /** @description What the platform said to the last attempt; none when it was delivered. */
                error?: string | null;
                id: components["schemas"]["DeliveryId"];
                instead_of?: components["schemas"]["ReceiverId"] | null;
                /** @description `opened`, `analyzing`, `in_progress`, `concluded`, `resolved`, `false_positive` or `unable_to_resolve`. */
                state: string;
                /** @description `pending`, `delivered`, `failed`, or `superseded`: something newer was told instead. */
                status: string;
                /** Format: uuid */
                subject_id: string;
                subject_type: string;
                title: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_HistoryLine: {
            items: {
                /** @description Such as `issue.changed`. */
                action: string;
                actor_name: string;
                /** @description `user`, `token` or `system`. */
                actor_type: string;
                after: unknown;
                before: unknown;
                id: components["schemas"]["EventId"];
                /** Format: date-time */
                occurred_at: string;
                reason: string | null;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Invitation: {
            items: {
                /** Format: date-time */
                created_at: string;
                delivery: components["schemas"]["InvitationDelivery"];
                email: string;
                /** Format: date-time */
                expires_at: string;
                id: components["schemas"]["InvitationId"];
                /** @description Who invited; none when it was a program, or somebody who left. */
                invited_by: string | null;
                node_id: components["schemas"]["NodeId"] | null;
                role: components["schemas"]["Role"];
                /** @description Why the mail could not be sent so far. */
                send_error: string | null;
                /**
                 * Format: date-time
                 * @description When the mail was handed over.
                 */
                sent_at: string | null;
                state: components["schemas"]["InvitationState"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_IssueRow: {
            items: {
                /** @description What its run concluded, in a few sentences. */
                ai_conclusion?: string | null;
                /** Format: int64 */
                alert_count: number;
                assigned_to?: components["schemas"]["Person"] | null;
                cause?: string | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When what was said about it was erased, for ever.
                 */
                erased_at?: string | null;
                id: components["schemas"]["IssueId"];
                is_real_issue?: boolean | null;
                /**
                 * Format: uuid
                 * @description The unit or team that owns it; the whole organization when there is none.
                 */
                node_id?: string | null;
                /** Format: date-time */
                resolved_at?: string | null;
                severity: components["schemas"]["Severity"];
                skill?: components["schemas"]["SkillLink"] | null;
                status: components["schemas"]["IssueStatus"];
                title: string;
                /** Format: date-time */
                updated_at: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Job: {
            items: {
                /**
                 * Format: int32
                 * @description Attempts that were begun.
                 */
                attempt: number;
                /**
                 * Format: date-time
                 * @description Since when it has been asked to stop.
                 */
                cancel_requested_at?: string | null;
                /** @description Whether a person may cancel it now: a reaction must be done. */
                cancellable: boolean;
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                finished_at?: string | null;
                id: components["schemas"]["JobId"];
                kind: string;
                /** @description Jobs of one lane run one after the other. */
                lane?: string | null;
                /** @description What its last failed attempt said. */
                last_error?: string | null;
                /** Format: int32 */
                max_attempts?: number | null;
                /**
                 * Format: int32
                 * @description A point counts like a minute of waiting.
                 */
                priority?: number | null;
                progress?: components["schemas"]["Progress"] | null;
                queue: string;
                /** @description What it came to, if that was asked for. */
                result?: unknown;
                /**
                 * Format: date-time
                 * @description When it is due, or was.
                 */
                run_at?: string | null;
                /**
                 * Format: date-time
                 * @description When its last attempt began.
                 */
                started_at?: string | null;
                state: components["schemas"]["JobState"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Member: {
            items: {
                /** @description `local` for a password, else who vouches for the person. */
                auth_provider: string;
                avatar_url: string | null;
                /**
                 * Format: date-time
                 * @description When the person became a member.
                 */
                created_at: string;
                email: string;
                /** @description Whether the address is proved. An account whose address is not works in this organization only. */
                email_verified: boolean;
                /** Format: date-time */
                last_sign_in_at: string | null;
                name: string | null;
                /** @description What they are at nodes of the tree, and below them. */
                nodes: components["schemas"]["MemberNode"][];
                role: components["schemas"]["Role"] | null;
                /** @description Of the membership. */
                status: components["schemas"]["MemberStatus"];
                user_id: components["schemas"]["UserId"];
                /** @description Of the person, in every organization. */
                user_status: components["schemas"]["MemberStatus"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_MyInvitation: {
            items: {
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                expires_at: string;
                id: components["schemas"]["InvitationId"];
                invited_by: string | null;
                /** @description The name of the organization. */
                organization: string;
                role: components["schemas"]["Role"];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Node: {
            items: {
                id: components["schemas"]["NodeId"];
                kind: components["schemas"]["NodeKind"];
                name: string;
                parent_id: components["schemas"]["NodeId"] | null;
                slug: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_QueueSummary: {
            items: {
                /**
                 * Format: int64
                 * @description Jobs that are due.
                 */
                available: number;
                /**
                 * Format: int32
                 * @description How many jobs run at once over all processes, if that is limited.
                 */
                concurrency?: number | null;
                /**
                 * Format: double
                 * @description For how long the first of those that are due has been.
                 */
                oldest_seconds?: number | null;
                /**
                 * Format: date-time
                 * @description Since when nothing of it is begun; what runs goes on to its end.
                 */
                paused_at?: string | null;
                queue: string;
                /** Format: int64 */
                running: number;
                /**
                 * Format: int64
                 * @description Jobs that have a time: they wait for it, or for their next attempt.
                 */
                scheduled: number;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Receiver: {
            items: {
                /** @description Nothing is told there until somebody enters the code that was mailed to the address. */
                awaits_confirmation: boolean;
                /** @description What the mail server said to the mail with the code, if it did not take it. */
                confirmation_error?: string | null;
                /** Format: int32 */
                consecutive_failures: number;
                /** Format: date-time */
                created_at: string;
                destination_id?: string | null;
                fallback_id?: components["schemas"]["ReceiverId"] | null;
                /** @description Whether all credentials that it needs are stored. */
                has_credentials: boolean;
                health: components["schemas"]["Health"];
                hours?: components["schemas"]["ReceiverHours"] | null;
                id: components["schemas"]["ReceiverId"];
                im_type: components["schemas"]["ImType"];
                /** @description Told of issues whose alerts name no receiver. */
                is_default: boolean;
                /** Format: date-time */
                last_delivered_at?: string | null;
                /** @description What the platform said at `last_failed_at`. */
                last_error?: string | null;
                /** Format: date-time */
                last_failed_at?: string | null;
                /** @description The least severity that it hears of. */
                min_severity: components["schemas"]["Urgency"];
                name: string;
                node_id?: components["schemas"]["NodeId"] | null;
                /** @description What alerts call it. */
                receiver_im: string;
                status: components["schemas"]["ReceiverStatus"];
                transport: components["schemas"]["Transport"];
                /** Format: date-time */
                updated_at: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_ReceiverCredential: {
            items: {
                credential: components["schemas"]["Credential"];
                /** @description Those that count now, the current one first. */
                versions: components["schemas"]["SecretVersion"][];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_RunView: {
            items: {
                /**
                 * Format: double
                 * @description US dollars.
                 */
                cost_usd: number;
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When what it was given, did and found was erased, for ever.
                 */
                erased_at: string | null;
                /** @description Why it was given up. */
                error: string | null;
                /** Format: date-time */
                finished_at: string | null;
                id: components["schemas"]["RunId"];
                mode: components["schemas"]["Mode"] | null;
                /** @description The language model, in mode `model`. */
                model: string | null;
                output: components["schemas"]["Conclusion"] | null;
                requested_by: components["schemas"]["UserId"] | null;
                skill: components["schemas"]["SkillRef"] | null;
                /** Format: date-time */
                started_at: string | null;
                status: components["schemas"]["RunStatus"];
                /** Format: int64 */
                tokens_in: number;
                /** Format: int64 */
                tokens_out: number;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_SecretVersion: {
            items: {
                is_current: boolean;
                /** Format: date-time */
                set_at: string;
                set_by: components["schemas"]["UserId"] | null;
                set_by_name: string | null;
                /**
                 * Format: date-time
                 * @description Until when it counts: it may be restored, and is struck out where others repeat it. Null for the current one.
                 */
                until: string | null;
                /**
                 * Format: int32
                 * @description Counted from 1. The highest is the current one.
                 */
                version: number;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Session: {
            items: {
                /** Format: date-time */
                created_at: string;
                /** @description Whether it is the one that asks. */
                current: boolean;
                /** Format: date-time */
                expires_at: string;
                id: components["schemas"]["SessionId"];
                /** @description Where it was opened from. */
                ip: string | null;
                /**
                 * Format: date-time
                 * @description To the minute.
                 */
                last_seen_at: string;
                /** @description The name of the organization it works in. */
                organization: string;
                user_agent: string | null;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_SettingState: {
            items: {
                /**
                 * Format: date-time
                 * @description When it was last set or reset; null for one that never was.
                 */
                changed_at: string | null;
                /** @description By whom. */
                changed_by: string | null;
                /** @description What is in force where nothing is set. */
                default: unknown;
                /** @description This state of it, for If-Match. */
                etag: string;
                /** @description What follows from it. */
                help: string;
                /** @description Whether it was set. */
                is_set: boolean;
                key: string;
                /** @description A JSON Schema of its values. */
                schema: Record<string, never>;
                /** @description What it is. */
                title: string;
                /** @description What its numbers count, such as `days`. */
                unit: string;
                /** @description What is in force. */
                value: unknown;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_SkillRow: {
            items: {
                /**
                 * Format: int64
                 * @description How many bindings lead to it.
                 */
                bindings: number;
                /** @description The model that made its embedding; absent until one has. */
                embedding_model: string | null;
                /** @description Can the server follow its SOP without a model? */
                executable: boolean;
                id: components["schemas"]["SkillId"];
                name: string;
                node_id: components["schemas"]["NodeId"] | null;
                /** @description The file it was imported from. */
                origin: string | null;
                problem_description: string;
                status: components["schemas"]["SkillStatus"];
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int32
                 * @description Grows with every change.
                 */
                version: number;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Token: {
            items: {
                /** Format: date-time */
                created_at: string;
                created_by: components["schemas"]["UserId"] | null;
                /** Format: date-time */
                expires_at: string | null;
                /** @description The readable start of the token. */
                hint: string;
                id: components["schemas"]["TokenId"];
                /**
                 * Format: date-time
                 * @description To the minute.
                 */
                last_used_at: string | null;
                name: string;
                node: components["schemas"]["TokenNode"] | null;
                owner: components["schemas"]["Owner"];
                /** Format: date-time */
                revoked_at: string | null;
                role: components["schemas"]["Role"];
                /** @description `api`, `ingest` or both. */
                scopes: string[];
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        /** @description One page of a list. */
        Page_Tool: {
            items: {
                /** @description Secrets are named in it, never held. */
                config: unknown;
                /** Format: date-time */
                created_at: string;
                description: string | null;
                id: components["schemas"]["ToolId"];
                /** @description JSON Schema of the arguments. */
                input_schema: unknown;
                name: string;
                node_id: components["schemas"]["NodeId"] | null;
                status: components["schemas"]["SkillStatus"];
                type: components["schemas"]["ToolKind"];
                /** Format: date-time */
                updated_at: string;
            }[];
            next_cursor?: components["schemas"]["Cursor"] | null;
        };
        PasswordSet: {
            /** @description The address had an account elsewhere already: the membership went there, and that account keeps its own password. */
            merged: boolean;
        };
        /** @description A past alert that would match. */
        PastMatch: {
            /** Format: uuid */
            alert_id: string;
            alert_type: string;
            current: components["schemas"]["CurrentSkill"] | null;
            how: components["schemas"]["How"];
            /** Format: date-time */
            received_at: string;
            /**
             * Format: double
             * @description From 0 to 1.
             */
            score: number;
            title: string;
        };
        /** @description A member, or somebody who was one. */
        Person: {
            id: components["schemas"]["UserId"];
            name: string;
        };
        /** @description `application/problem+json` (RFC 9457). */
        ProblemBody: {
            /** @description Stable; match on this. */
            code: string;
            /** @description For people: what went wrong and what to do. */
            detail: string;
            /** @description Every place of the input that is wrong. */
            errors?: components["schemas"]["FieldError"][];
            /** Format: int32 */
            status: number;
            title: string;
            /** @description The page that explains the code. */
            type: string;
        };
        /** @description How far a job is, for people who look. */
        Progress: {
            /** Format: int64 */
            done: number;
            /** @description What it is at. */
            note: string;
            /**
             * Format: int64
             * @description How much there is in all, where that is known.
             */
            total?: number | null;
        };
        /** @description A queue of an organization. Counts go to ten thousand: more is a lot. */
        QueueSummary: {
            /**
             * Format: int64
             * @description Jobs that are due.
             */
            available: number;
            /**
             * Format: int32
             * @description How many jobs run at once over all processes, if that is limited.
             */
            concurrency?: number | null;
            /**
             * Format: double
             * @description For how long the first of those that are due has been.
             */
            oldest_seconds?: number | null;
            /**
             * Format: date-time
             * @description Since when nothing of it is begun; what runs goes on to its end.
             */
            paused_at?: string | null;
            queue: string;
            /** Format: int64 */
            running: number;
            /**
             * Format: int64
             * @description Jobs that have a time: they wait for it, or for their next attempt.
             */
            scheduled: number;
        };
        /** @description Why. */
        Reason: {
            /** @description Up to 1,000 characters, kept in the audit log. */
            reason?: string | null;
        };
        /** @description A place where a team is told. */
        Receiver: {
            /** @description Nothing is told there until somebody enters the code that was mailed to the address. */
            awaits_confirmation: boolean;
            /** @description What the mail server said to the mail with the code, if it did not take it. */
            confirmation_error?: string | null;
            /** Format: int32 */
            consecutive_failures: number;
            /** Format: date-time */
            created_at: string;
            destination_id?: string | null;
            fallback_id?: components["schemas"]["ReceiverId"] | null;
            /** @description Whether all credentials that it needs are stored. */
            has_credentials: boolean;
            health: components["schemas"]["Health"];
            hours?: components["schemas"]["ReceiverHours"] | null;
            id: components["schemas"]["ReceiverId"];
            im_type: components["schemas"]["ImType"];
            /** @description Told of issues whose alerts name no receiver. */
            is_default: boolean;
            /** Format: date-time */
            last_delivered_at?: string | null;
            /** @description What the platform said at `last_failed_at`. */
            last_error?: string | null;
            /** Format: date-time */
            last_failed_at?: string | null;
            /** @description The least severity that it hears of. */
            min_severity: components["schemas"]["Urgency"];
            name: string;
            node_id?: components["schemas"]["NodeId"] | null;
            /** @description What alerts call it. */
            receiver_im: string;
            status: components["schemas"]["ReceiverStatus"];
            transport: components["schemas"]["Transport"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Who would be told of issues that name no receiver. */
        ReceiverCoverage: {
            /** @description The most severe first; none when somebody is always told. */
            gaps: components["schemas"]["Gap"][];
        };
        /** @description A stored credential of a receiver. */
        ReceiverCredential: {
            credential: components["schemas"]["Credential"];
            /** @description Those that count now, the current one first. */
            versions: components["schemas"]["SecretVersion"][];
        };
        /** @description Hours of the week in a time zone. What happens at another time is told elsewhere. */
        ReceiverHours: {
            /** @description `HH:MM`. */
            from: string;
            /** @description Of the IANA database, such as `Europe/Berlin`. */
            time_zone: string;
            /** @description `HH:MM`. When it is not after `from`, the hours end on the next day. */
            to: string;
            /** @description From 1 for Monday to 7 for Sunday. */
            weekdays: number[];
        };
        /**
         * Format: uuid
         * @description A place where a team is told.
         */
        ReceiverId: string;
        /** @description A receiver as it is written. Credentials go in and never come out; one that is not given stays as it is. */
        ReceiverInput: {
            /** @description Lark app: Starts with cli_. */
            app_id?: string | null;
            /** @description Lark app: From the app's credentials page. */
            app_secret?: string | null;
            /** @description Slack app: Starts with xoxb-; needs chat:write. */
            bot_token?: string | null;
            /** @description Slack app: The channel's ID, such as C0123456789. Lark app: Starts with oc_. E-mail: Of a member, or of somebody who gives you the code that is mailed there. */
            destination_id?: string | null;
            fallback_id?: components["schemas"]["ReceiverId"] | null;
            hours?: components["schemas"]["ReceiverHours"] | null;
            im_type: components["schemas"]["ImType"];
            /** @description Told of issues whose alerts name no receiver. False unless given on creation, unchanged on update. */
            is_default?: boolean | null;
            min_severity?: components["schemas"]["Urgency"] | null;
            /** @description 1 to 255 characters. */
            name: string;
            node_id?: components["schemas"]["NodeId"] | null;
            /** @description What alerts call it: 1 to 100 letters, digits, dots, dashes and underscores, the first a letter or digit. */
            receiver_im: string;
            /** @description Lark custom bot: If the bot verifies signatures. Signed webhook: whsec_ and the output of openssl rand -base64 32; new,old while the secret changes over. */
            signing_secret?: string | null;
            status?: components["schemas"]["ReceiverStatus"] | null;
            transport: components["schemas"]["Transport"];
            /** @description Slack incoming webhook: https://hooks.slack.com/services/…. Lark custom bot: https://open.larksuite.com/open-apis/bot/v2/hook/…. Signed webhook: Where messages are posted to, such as https://app.example.com/hooks/steward. */
            webhook_url?: string | null;
        };
        /** @enum {string} */
        ReceiverStatus: "active" | "inactive";
        /** @description What the record keeps of a receiver: of credentials only which were replaced. */
        ReceiverSummary: {
            credentials_set?: components["schemas"]["Credential"][] | null;
            destination_id: string | null;
            fallback_id?: components["schemas"]["ReceiverId"] | null;
            hours?: components["schemas"]["ReceiverHours"] | null;
            im_type: components["schemas"]["ImType"];
            is_default: boolean;
            min_severity?: components["schemas"]["Urgency"];
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            receiver_im: string;
            status: components["schemas"]["ReceiverStatus"];
            transport: components["schemas"]["Transport"];
        };
        RecentIssue: {
            ai_conclusion?: string | null;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["IssueId"];
            is_real_issue?: boolean | null;
            severity: string;
            status: string;
            title: string;
        };
        /** @description Which job was put back into the queue. */
        Replayed: {
            kind: string;
        };
        /** @description Nothing to say. */
        Reprocess: Record<string, never>;
        Resend: {
            delivery?: components["schemas"]["InvitationDelivery"] | null;
        };
        /** @description Which version is used again. */
        RestoreConfiguration: {
            /** Format: int32 */
            version: number;
        };
        /** @description Which version is used again. */
        RestoreCredential: {
            /** Format: int32 */
            version: number;
        };
        Retried: {
            receiver_id: components["schemas"]["ReceiverId"];
        };
        /**
         * @description What a person or a token is in an organization.
         * @enum {string}
         */
        Role: "admin" | "supervisor" | "engineer" | "agent" | "member" | "viewer" | "api";
        /** @description A rule of an SOP. */
        RuleOutline: {
            /** @description From 1. */
            line: number;
            verdict: components["schemas"]["Verdict"];
        };
        /** @description A run with everything it did. */
        RunDetail: components["schemas"]["RunView"] & {
            /** @description In their order. */
            steps: components["schemas"]["Step"][];
        };
        /** Format: uuid */
        RunId: string;
        /**
         * @description Where a run stands.
         * @enum {string}
         */
        RunStatus: "queued" | "running" | "succeeded" | "failed" | "cancelled";
        /** @description A run. */
        RunView: {
            /**
             * Format: double
             * @description US dollars.
             */
            cost_usd: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When what it was given, did and found was erased, for ever.
             */
            erased_at: string | null;
            /** @description Why it was given up. */
            error: string | null;
            /** Format: date-time */
            finished_at: string | null;
            id: components["schemas"]["RunId"];
            mode: components["schemas"]["Mode"] | null;
            /** @description The language model, in mode `model`. */
            model: string | null;
            output: components["schemas"]["Conclusion"] | null;
            requested_by: components["schemas"]["UserId"] | null;
            skill: components["schemas"]["SkillRef"] | null;
            /** Format: date-time */
            started_at: string | null;
            status: components["schemas"]["RunStatus"];
            /** Format: int64 */
            tokens_in: number;
            /** Format: int64 */
            tokens_out: number;
        };
        /** @description A version of a sealed value, without the value. */
        SecretVersion: {
            is_current: boolean;
            /** Format: date-time */
            set_at: string;
            set_by: components["schemas"]["UserId"] | null;
            set_by_name: string | null;
            /**
             * Format: date-time
             * @description Until when it counts: it may be restored, and is struck out where others repeat it. Null for the current one.
             */
            until: string | null;
            /**
             * Format: int32
             * @description Counted from 1. The highest is the current one.
             */
            version: number;
        };
        /** @description How a queue is to be served. */
        Served: {
            /** Format: int32 */
            concurrency?: number | null;
            /** Format: date-time */
            paused_at?: string | null;
            queue: string;
        };
        /** @description One of a person's own sessions. */
        Session: {
            /** Format: date-time */
            created_at: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["SessionId"];
            /** @description Where it was opened from. */
            ip: string | null;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_seen_at: string;
            /** @description The name of the organization it works in. */
            organization: string;
            user_agent: string | null;
        };
        /**
         * Format: uuid
         * @description A session of a browser, by the name that may be shown.
         */
        SessionId: string;
        SetConfiguration: {
            /** @description Up to 64 KiB; it cannot be read again. */
            value: string;
        };
        SetMemberNode: {
            /** @description Single permissions beside the role's, such as `receivers:write`. */
            permissions?: string[];
            role?: components["schemas"]["Role"] | null;
        };
        SetPassword: {
            /** @description 12 to 128 characters. */
            password: string;
            /** @description What stands behind `#` in the link. */
            token: string;
        };
        SetSetting: {
            /** @description As the setting's `schema` says. */
            value: unknown;
        };
        SettingFormat: {
            /** @enum {string} */
            kind: "id";
        } | {
            /** @enum {string} */
            kind: "address";
        } | {
            /** @enum {string} */
            kind: "token";
            prefix: string;
        } | {
            /** @enum {string} */
            kind: "webhook_url";
        } | {
            /** @enum {string} */
            kind: "signing_secret";
        };
        /** @description What a value would do. */
        SettingPreview: {
            over: components["schemas"]["Counted"] | null;
        };
        /** @description A setting as it is. */
        SettingState: {
            /**
             * Format: date-time
             * @description When it was last set or reset; null for one that never was.
             */
            changed_at: string | null;
            /** @description By whom. */
            changed_by: string | null;
            /** @description What is in force where nothing is set. */
            default: unknown;
            /** @description This state of it, for If-Match. */
            etag: string;
            /** @description What follows from it. */
            help: string;
            /** @description Whether it was set. */
            is_set: boolean;
            key: string;
            /** @description A JSON Schema of its values. */
            schema: Record<string, never>;
            /** @description What it is. */
            title: string;
            /** @description What its numbers count, such as `days`. */
            unit: string;
            /** @description What is in force. */
            value: unknown;
        };
        /** @description What a setting was or is. */
        SettingValue: {
            key: string;
            value: unknown;
        };
        /**
         * @description Ordered: a later one is worse.
         * @enum {string}
         */
        Severity: "low" | "medium" | "high" | "critical";
        SignIn: {
            email: string;
            /** @description The slug of the organization to enter; the first unless given. Needed by an account whose address is not proved. */
            organization?: string | null;
            password: string;
        };
        /**
         * @description How a person proved who they are.
         * @enum {string}
         */
        SignInMethod: "password" | "supabase" | "invitation";
        /** @description The ways to sign in. */
        SignInMethods: {
            /** @description Whether this server sends mail: then a forgotten password is mended by a link. */
            mail: boolean;
            password: boolean;
            supabase: components["schemas"]["SupabaseMethod"] | null;
        };
        SignedIn: {
            method: components["schemas"]["SignInMethod"];
        };
        /** @description A skill with its SOP. */
        Skill: components["schemas"]["SkillRow"] & {
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserId"] | null;
            /** @description Markdown. */
            sop: string;
            /** @description The steps the server can do itself. */
            steps: components["schemas"]["StepOutline"][];
        };
        /** Format: uuid */
        SkillId: string;
        /** @description What people say about a skill. */
        SkillInput: {
            name: string;
            node_id?: components["schemas"]["NodeId"] | null;
            /** @description The problem it is for, in the words an alert might use. */
            problem_description: string;
            /** @description Markdown. */
            sop: string;
            status?: components["schemas"]["SkillStatus"] | null;
        };
        SkillLink: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /** @description A skill, as others refer to it. */
        SkillName: {
            id: components["schemas"]["SkillId"];
            name: string;
        };
        /** @description The skill that a run followed, by its present name. */
        SkillRef: {
            id: components["schemas"]["SkillId"];
            name: string;
        };
        /** @description A skill in a list. */
        SkillRow: {
            /**
             * Format: int64
             * @description How many bindings lead to it.
             */
            bindings: number;
            /** @description The model that made its embedding; absent until one has. */
            embedding_model: string | null;
            /** @description Can the server follow its SOP without a model? */
            executable: boolean;
            id: components["schemas"]["SkillId"];
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            /** @description The file it was imported from. */
            origin: string | null;
            problem_description: string;
            status: components["schemas"]["SkillStatus"];
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int32
             * @description Grows with every change.
             */
            version: number;
        };
        /**
         * @description Is a skill matched, a tool called?
         * @enum {string}
         */
        SkillStatus: "active" | "inactive";
        /** @description What the record keeps of a skill: which version, not its text. */
        SkillSummary: {
            /** @description The patterns that led to it, when it is no more. */
            deleted_bindings?: string[] | null;
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            origin: string | null;
            problem_description: string;
            status: components["schemas"]["SkillStatus"];
            /** Format: int32 */
            version: number;
        };
        /** @description What the server makes of an SOP. */
        SopCheck: {
            errors: components["schemas"]["SopError"][];
            ok: boolean;
            rules: components["schemas"]["RuleOutline"][];
            steps: components["schemas"]["StepOutline"][];
        };
        /** @description One thing that is wrong with an SOP. */
        SopError: {
            detail: string;
            /** @description From 1. */
            line: number;
        };
        /** @description An SOP to check. */
        SopText: {
            /** @description Markdown. */
            sop: string;
        };
        SourceCount: {
            /** Format: int64 */
            count: number;
            value: string;
        };
        /** @description One thing that a run did. Never changed once it is recorded. */
        Step: {
            /** @description Markdown. */
            content: string;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int64
             * @description Milliseconds.
             */
            duration_ms?: number | null;
            id: components["schemas"]["StepId"];
            kind: components["schemas"]["StepKind"];
            /** @description Its shape goes by the kind. */
            metadata: unknown;
            /**
             * Format: int32
             * @description From 1, without gaps; what claims cite.
             */
            seq: number;
        };
        /** Format: uuid */
        StepId: string;
        /**
         * @description What kind of thing was done in a step.
         * @enum {string}
         */
        StepKind: "skill_matched" | "tool_called" | "reasoning" | "conclusion";
        /** @description A step that calls a tool. */
        StepOutline: {
            label: string;
            /** @description From 1. */
            line: number;
            tool: string;
        };
        /** @description Where a browser gets the JWT for `POST /api/v1/auth/supabase`. */
        SupabaseMethod: {
            /** @description Base URL of the project's Auth API. */
            auth_url: string;
            /** @description The project's publishable key, sent as `apikey`. Without it, only an application can hand its session over. */
            publishable_key: string | null;
        };
        SupabaseSignIn: {
            accept?: components["schemas"]["InvitationId"] | null;
            /** @description The access token of a Supabase session. */
            access_token: string;
            /** @description The slug of the organization to enter; the first unless given. */
            organization?: string | null;
        };
        SupabaseUser: {
            /** @description The access token of a Supabase session. */
            access_token: string;
        };
        SwitchOrganization: {
            /** @description The slug of the organization to work in. */
            organization: string;
        };
        /** @description What came of a test message. */
        TestResult: {
            /** @description What the platform said. */
            error?: string | null;
            ok: boolean;
        };
        /** @description What came of a test message. */
        Tested: {
            ok: boolean;
        };
        /** @description An access token, without its text. */
        Token: {
            /** Format: date-time */
            created_at: string;
            created_by: components["schemas"]["UserId"] | null;
            /** Format: date-time */
            expires_at: string | null;
            /** @description The readable start of the token. */
            hint: string;
            id: components["schemas"]["TokenId"];
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at: string | null;
            name: string;
            node: components["schemas"]["TokenNode"] | null;
            owner: components["schemas"]["Owner"];
            /** Format: date-time */
            revoked_at: string | null;
            role: components["schemas"]["Role"];
            /** @description `api`, `ingest` or both. */
            scopes: string[];
        };
        /**
         * Format: uuid
         * @description An access token.
         */
        TokenId: string;
        TokenMade: {
            /** Format: date-time */
            expires_at: string | null;
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            owner: components["schemas"]["Owner"];
            role: components["schemas"]["Role"];
            scopes: components["schemas"]["TokenScope"][];
        };
        /** @description The unit or team that a token counts at. */
        TokenNode: {
            id: components["schemas"]["NodeId"];
            name: string;
        };
        /**
         * @description What a token is for.
         * @enum {string}
         */
        TokenScope: "api" | "ingest";
        /**
         * @description What a receiver can be told of.
         * @enum {string}
         */
        ToldState: "opened" | "analyzing" | "in_progress" | "concluded" | "resolved" | "false_positive" | "unable_to_resolve";
        /** @description A tool. */
        Tool: {
            /** @description Secrets are named in it, never held. */
            config: unknown;
            /** Format: date-time */
            created_at: string;
            description: string | null;
            id: components["schemas"]["ToolId"];
            /** @description JSON Schema of the arguments. */
            input_schema: unknown;
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            status: components["schemas"]["SkillStatus"];
            type: components["schemas"]["ToolKind"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What to call a tool with. */
        ToolArguments: {
            arguments?: Record<string, never>;
        };
        /** Format: uuid */
        ToolId: string;
        /** @description What people say about a tool. */
        ToolInput: {
            /**
             * @description `custom_code`: `{code, allowed_hosts?, timeout_ms?, memory_mb?, secrets?}`;
             *     `mcp`: `{transport: "http", url, tool, headers?, timeout_ms?}` or `{transport: "stdio", command, args?, tool,
             *     timeout_ms?}`.
             */
            config: unknown;
            /** @description What it does, for people and models. */
            description?: string | null;
            /** @description JSON Schema of the arguments; any object unless given. */
            input_schema?: unknown;
            /** @description Letters, digits and `_`, up to 64; SOPs and models call the tool by it. */
            name: string;
            node_id?: components["schemas"]["NodeId"] | null;
            status?: components["schemas"]["SkillStatus"] | null;
            type: components["schemas"]["ToolKind"];
        };
        /**
         * @description How a tool is made.
         * @enum {string}
         */
        ToolKind: "mcp" | "custom_code";
        /** @description What came of a test run. */
        ToolRun: {
            /** Format: int64 */
            duration_ms: number;
            error: string | null;
            logs: string[];
            ok: boolean;
            result: unknown;
            /** @description The result was too long and was cut. */
            truncated: boolean;
        };
        /** @description What the record keeps of a tool. Code may be long, and people put things into it that they should not. */
        ToolSummary: {
            /** @description Without its code. */
            config: unknown;
            description: string | null;
            name: string;
            node_id: components["schemas"]["NodeId"] | null;
            status: components["schemas"]["SkillStatus"];
            type: components["schemas"]["ToolKind"];
        };
        /**
         * @description How the platform is reached.
         * @enum {string}
         */
        Transport: "bot" | "webhook" | "smtp" | "signed";
        UpdateMe: {
            /** @description What others see; without it they see the address. */
            name?: string | null;
        };
        UpdateMember: {
            role?: components["schemas"]["Role"] | null;
            status?: components["schemas"]["MemberStatus"] | null;
        };
        UpdateOrganization: {
            name: string;
        };
        /** @enum {string} */
        Urgency: "critical" | "high" | "medium" | "low";
        /**
         * Format: uuid
         * @description A person, across organizations.
         */
        UserId: string;
        /**
         * @description Is the alert a real problem?
         * @enum {string}
         */
        Verdict: "real" | "false_positive" | "undetermined";
        /** @description Verdicts of a day. */
        VerdictDay: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            false_positive: number;
            /** Format: int64 */
            real: number;
            /** Format: int64 */
            undetermined: number;
        };
        Verdicts: {
            /** Format: int64 */
            false_positive: number;
            /** Format: int64 */
            real: number;
            /** Format: int64 */
            undetermined: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_alerts: {
        parameters: {
            query?: {
                status?: string;
                severity?: string;
                source?: string;
                /** @description A user's id, `me` or `none`. */
                assigned_to?: string;
                /** @description Words with which words of the title, type, fingerprint or labels begin; all of them. */
                q?: string;
                /** @description A JSON object of labels that it has: `{"service":"checkout"}`. */
                labels?: string;
                issue_id?: string;
                /** @description Owned by this unit or team, or one below it. */
                node_id?: string;
                /** @description Received at or after this time. */
                since?: string;
                /** @description Received before this time. */
                until?: string;
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AlertRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    change_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertsBulk"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertsBulkAnswer"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    count_alerts: {
        parameters: {
            query?: {
                status?: string;
                severity?: string;
                source?: string;
                /** @description A user's id, `me` or `none`. */
                assigned_to?: string;
                /** @description Words with which words of the title, type, fingerprint or labels begin; all of them. */
                q?: string;
                /** @description A JSON object of labels that it has: `{"service":"checkout"}`. */
                labels?: string;
                issue_id?: string;
                /** @description Owned by this unit or team, or one below it. */
                node_id?: string;
                /** @description Received at or after this time. */
                since?: string;
                /** @description Received before this time. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertFacets"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    assign_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assignment"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    mark_alert_false_positive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_alert_history: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["AlertId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HistoryLine"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ignore_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    investigate_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    reopen_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    resolve_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_audit_log: {
        parameters: {
            query?: {
                /** @description The id of a person or token, or words with which words of a name begin. */
                actor?: string;
                /** @description An action such as `skill.updated`, or what it starts with: `skill`. */
                action?: string;
                subject_type?: string;
                subject_id?: string;
                since?: string;
                until?: string;
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditLine"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldsInvitation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    decline_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldsInvitation"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_sign_in_methods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInMethods"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    set_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPassword"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordSet"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    request_password_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgottenPassword"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    sign_in_with_supabase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupabaseSignIn"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_supabase_invitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SupabaseUser"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MyInvitation"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_bindings: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_BindingRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_binding: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBinding"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BindingRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    delete_binding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["BindingId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_binding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["BindingId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BindingChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BindingRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_configurations: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Configuration"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    set_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word that groups values, such as `general` */
                type: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetConfiguration"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    delete_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word that groups values, such as `general` */
                type: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    forget_configurations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word that groups values, such as `general` */
                type: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    restore_configuration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word that groups values, such as `general` */
                type: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreConfiguration"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_configuration_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A word that groups values, such as `general` */
                type: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SecretVersion"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                /** @description Only those that wait for somebody. */
                open?: boolean;
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_DeadLetter"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    dismiss_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    replay_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    retry_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    stream_events: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Event"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Invitation"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    resend_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resend"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_issues: {
        parameters: {
            query?: {
                status?: string;
                severity?: string;
                /** @description A user's id, `me` or `none`. */
                assigned_to?: string;
                is_real_issue?: boolean;
                /** @description Owned by this unit or team, or one below it. */
                node_id?: string;
                /** @description Words with which words of the title, conclusion or cause begin; all of them. */
                q?: string;
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_IssueRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_issue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewIssue"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    assign_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Assignment"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    erase_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["IssueId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    mark_issue_false_positive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_issue_history: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["IssueId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_HistoryLine"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    reprocess_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reprocess"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    resolve_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_issue_runs: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["IssueId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RunView"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description One queue; all of them when left out. */
                queue?: string;
                /**
                 * @description `running` unless given, `available`, `scheduled`; or `finished`: those that were cancelled, tried again by a person, or whose result was asked
                 *     for.
                 */
                state?: "running" | "available" | "scheduled" | "finished";
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Job"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_cron_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CronTask"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_job_queues: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_QueueSummary"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    change_job_queue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `default` */
                queue: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeQueue"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueueSummary"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["JobId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMe"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    request_address_proof: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_my_invitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MyInvitation"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    accept_my_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    decline_my_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["InvitationId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    switch_organization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SwitchOrganization"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Session"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    end_other_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    end_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMember"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    set_member_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
                node_id: components["schemas"]["NodeId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetMemberNode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    remove_member_node: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: components["schemas"]["UserId"];
                node_id: components["schemas"]["NodeId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_nodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Node"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_node: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateNode"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Node"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_organization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_organization: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOrganization"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Organization"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_overview: {
        parameters: {
            query?: {
                /** @description Days to look back, 1 to 31; 7 unless given. */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_receivers: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Receiver"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiverInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_channels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Channel"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_receiver_coverage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverCoverage"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_receiver: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the state that is replaced */
                "If-Match"?: string | null;
            };
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiverInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    delete_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    ask_receiver_again: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    confirm_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmationCode"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receiver"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_receiver_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ReceiverCredential"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    forget_receiver_credentials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
                credential: components["schemas"]["Credential"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    restore_receiver_credential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
                credential: components["schemas"]["Credential"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreCredential"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Delivery"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    test_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ReceiverId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestResult"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["RunId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDetail"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SettingState"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_setting: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Such as `events.kept_days` */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingState"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    set_setting: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the state that is replaced */
                "If-Match"?: string | null;
            };
            path: {
                /** @description Such as `events.kept_days` */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetSetting"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingState"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    reset_setting: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the state that is replaced */
                "If-Match"?: string | null;
            };
            path: {
                /** @description Such as `events.kept_days` */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    preview_setting: {
        parameters: {
            query?: {
                /** @description For how many days; left out, for ever. */
                value?: number;
            };
            header?: never;
            path: {
                /** @description Such as `events.kept_days` */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingPreview"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_skills: {
        parameters: {
            query?: {
                status?: components["schemas"]["SkillStatus"];
                /** @description Words with which words of the name or the description begin; all of them. */
                q?: string;
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SkillRow"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_skill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    check_sop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SopText"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SopCheck"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    dry_run_skill: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRunRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    match_alert: {
        parameters: {
            query?: {
                /** @description The node that owns it; the whole organization unless given. */
                node_id?: components["schemas"]["NodeId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertText"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matched"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_skill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SkillId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_skill: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the state that is replaced */
                "If-Match"?: string | null;
            };
            path: {
                id: components["schemas"]["SkillId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Skill"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    delete_skill: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["SkillId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_tokens: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Token"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateToken"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    revoke_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["TokenId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_tools: {
        parameters: {
            query?: {
                /** @description Rows on a page, 1 to 200; 50 unless given. */
                limit?: number;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Tool"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    create_tool: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToolInput"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    list_mcp_tools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["McpServer"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["McpTools"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    get_tool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ToolId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    update_tool: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the state that is replaced */
                "If-Match"?: string | null;
            };
            path: {
                id: components["schemas"]["ToolId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToolInput"];
            };
        };
        responses: {
            200: {
                headers: {
                    /** @description This state of it, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    delete_tool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ToolId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    run_tool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["ToolId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ToolArguments"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolRun"];
                };
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    receive_alertmanager: {
        parameters: {
            query?: {
                /** @description The `receiver_im` of a receiver. One that does not exist loses nothing: the default receiver is told. */
                receiver_im?: string;
                /**
                 * @description The access token, for senders that can only be given an address. It is read by authentication; a header keeps
                 *     it out of proxies' logs.
                 */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestReceipt"];
                };
            };
            /** @description Too much waits to be stored; send it again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    receive_generic: {
        parameters: {
            query?: {
                /** @description The `receiver_im` of a receiver. One that does not exist loses nothing: the default receiver is told. */
                receiver_im?: string;
                /**
                 * @description The access token, for senders that can only be given an address. It is read by authentication; a header keeps
                 *     it out of proxies' logs.
                 */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestReceipt"];
                };
            };
            /** @description Too much waits to be stored; send it again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457); its `code` says which */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
        };
    };
    "alert.changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "alert.changed.v1";
                    payload: {
                        after: null | components["schemas"]["AlertState"];
                        before: null | components["schemas"]["AlertState"];
                    };
                    /** @enum {string} */
                    subject_type: "alert";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "alert.received.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "alert.received.v1";
                    payload: {
                        alert_id: components["schemas"]["AlertId"];
                        issue_id: components["schemas"]["IssueId"];
                        severity: components["schemas"]["Severity"];
                    };
                    /** @enum {string} */
                    subject_type: "alert";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "alert.resolved.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "alert.resolved.v1";
                    payload: {
                        alert_id: components["schemas"]["AlertId"];
                        /** Format: date-time */
                        ends_at: string;
                    };
                    /** @enum {string} */
                    subject_type: "alert";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "configuration.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "configuration.deleted.v1";
                    payload: {
                        after: null | components["schemas"]["ConfigurationName"];
                        before: null | components["schemas"]["ConfigurationName"];
                    };
                    /** @enum {string} */
                    subject_type: "configuration";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "configuration.earlier_forgotten.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "configuration.earlier_forgotten.v1";
                    payload: {
                        after: null | components["schemas"]["ConfigurationVersions"];
                        before: null | components["schemas"]["ConfigurationVersions"];
                    };
                    /** @enum {string} */
                    subject_type: "configuration";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "configuration.restored.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "configuration.restored.v1";
                    payload: {
                        after: null | components["schemas"]["ConfigurationVersion"];
                        before: null | components["schemas"]["ConfigurationVersion"];
                    };
                    /** @enum {string} */
                    subject_type: "configuration";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "configuration.set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "configuration.set.v1";
                    payload: {
                        after: null | components["schemas"]["ConfigurationName"];
                        before: null | components["schemas"]["ConfigurationName"];
                    };
                    /** @enum {string} */
                    subject_type: "configuration";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "dead_letter.dismissed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "dead_letter.dismissed.v1";
                    payload: {
                        after: null | components["schemas"]["Dismissed"];
                        before: null | components["schemas"]["Dismissed"];
                    };
                    /** @enum {string} */
                    subject_type: "dead_letter";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "delivery.failed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "delivery.failed.v1";
                    payload: {
                        receiver_id: components["schemas"]["ReceiverId"];
                        /** @description What was to be told. */
                        state: components["schemas"]["ToldState"];
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                    };
                    /** @enum {string} */
                    subject_type: "delivery";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "delivery.retried.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "delivery.retried.v1";
                    payload: {
                        after: null | components["schemas"]["Retried"];
                        before: null | components["schemas"]["Retried"];
                    };
                    /** @enum {string} */
                    subject_type: "delivery";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "invitation.accepted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "invitation.accepted.v1";
                    payload: {
                        after: null | components["schemas"]["Account"];
                        before: null | components["schemas"]["Account"];
                    };
                    /** @enum {string} */
                    subject_type: "invitation";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "invitation.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "invitation.created.v1";
                    payload: {
                        after: null | components["schemas"]["InvitationMade"];
                        before: null | components["schemas"]["InvitationMade"];
                    };
                    /** @enum {string} */
                    subject_type: "invitation";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "invitation.declined.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "invitation.declined.v1";
                    payload: {
                        after: null | components["schemas"]["Nothing"];
                        before: null | components["schemas"]["Nothing"];
                    };
                    /** @enum {string} */
                    subject_type: "invitation";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "invitation.resent.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "invitation.resent.v1";
                    payload: {
                        after: null | components["schemas"]["InvitationSent"];
                        before: null | components["schemas"]["InvitationSent"];
                    };
                    /** @enum {string} */
                    subject_type: "invitation";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "invitation.revoked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "invitation.revoked.v1";
                    payload: {
                        after: null | components["schemas"]["InvitationAddress"];
                        before: null | components["schemas"]["InvitationAddress"];
                    };
                    /** @enum {string} */
                    subject_type: "invitation";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.alerts_added.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.alerts_added.v1";
                    payload: {
                        alert_count: number;
                        /** @description The first hundred. */
                        alert_ids: components["schemas"]["AlertId"][];
                        issue_id: components["schemas"]["IssueId"];
                        receivers: string[];
                        severity: components["schemas"]["Severity"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.changed.v1";
                    payload: {
                        after: null | components["schemas"]["IssueState"];
                        before: null | components["schemas"]["IssueState"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.concluded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.concluded.v1";
                    payload: {
                        is_real_issue: boolean | null;
                        issue_id: components["schemas"]["IssueId"];
                        /** Format: uuid */
                        run_id: string;
                        /** Format: uuid */
                        skill_id: string | null;
                        status: components["schemas"]["IssueStatus"];
                        verdict: components["schemas"]["IssueVerdict"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.created.v1";
                    payload: {
                        after: null | components["schemas"]["IssueMade"];
                        before: null | components["schemas"]["IssueMade"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.erased.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.erased.v1";
                    payload: {
                        after: null | components["schemas"]["Erased"];
                        before: null | components["schemas"]["Erased"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.opened.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.opened.v1";
                    payload: {
                        alert_count: number;
                        /** @description The first hundred. */
                        alert_ids: components["schemas"]["AlertId"][];
                        issue_id: components["schemas"]["IssueId"];
                        receivers: string[];
                        severity: components["schemas"]["Severity"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.reprocess_requested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.reprocess_requested.v1";
                    payload: {
                        issue_id: components["schemas"]["IssueId"];
                        requested_by: components["schemas"]["UserId"] | null;
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "issue.untold.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "issue.untold.v1";
                    payload: {
                        severity: components["schemas"]["Urgency"];
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "job.cancelled.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "job.cancelled.v1";
                    payload: {
                        after: null | components["schemas"]["Cancelled"];
                        before: null | components["schemas"]["Cancelled"];
                    };
                    /** @enum {string} */
                    subject_type: "job";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "job.replayed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "job.replayed.v1";
                    payload: {
                        after: null | components["schemas"]["Replayed"];
                        before: null | components["schemas"]["Replayed"];
                    };
                    /** @enum {string} */
                    subject_type: "job";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.added.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.added.v1";
                    payload: {
                        after: null | components["schemas"]["MemberSummary"];
                        before: null | components["schemas"]["MemberSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.address_proved.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.address_proved.v1";
                    payload: {
                        after: null | components["schemas"]["Account"];
                        before: null | components["schemas"]["Account"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.bound.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.bound.v1";
                    payload: {
                        after: null | components["schemas"]["Account"];
                        before: null | components["schemas"]["Account"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.node_removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.node_removed.v1";
                    payload: {
                        after: null | components["schemas"]["NodeRights"];
                        before: null | components["schemas"]["NodeRights"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.node_set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.node_set.v1";
                    payload: {
                        after: null | components["schemas"]["NodeRights"];
                        before: null | components["schemas"]["NodeRights"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.password_set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.password_set.v1";
                    payload: {
                        after: null | components["schemas"]["Nothing"];
                        before: null | components["schemas"]["Nothing"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.removed.v1";
                    payload: {
                        after: null | components["schemas"]["MemberSummary"];
                        before: null | components["schemas"]["MemberSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.sessions_ended.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.sessions_ended.v1";
                    payload: {
                        after: null | components["schemas"]["Nothing"];
                        before: null | components["schemas"]["Nothing"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.signed_in.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.signed_in.v1";
                    payload: {
                        after: null | components["schemas"]["SignedIn"];
                        before: null | components["schemas"]["SignedIn"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.signed_out.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.signed_out.v1";
                    payload: {
                        after: null | components["schemas"]["Nothing"];
                        before: null | components["schemas"]["Nothing"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "member.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "member.updated.v1";
                    payload: {
                        after: null | components["schemas"]["MemberState"];
                        before: null | components["schemas"]["MemberState"];
                    };
                    /** @enum {string} */
                    subject_type: "member";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "node.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "node.created.v1";
                    payload: {
                        after: null | components["schemas"]["Node"];
                        before: null | components["schemas"]["Node"];
                    };
                    /** @enum {string} */
                    subject_type: "node";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.activated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.activated.v1";
                    payload: {
                        after: null | components["schemas"]["OrganizationState"];
                        before: null | components["schemas"]["OrganizationState"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.created.v1";
                    payload: {
                        after: null | components["schemas"]["OrganizationMade"];
                        before: null | components["schemas"]["OrganizationMade"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.data_removed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.data_removed.v1";
                    /** @description What was removed. */
                    payload: {
                        /** Format: int64 */
                        count: number;
                        /** @description As in the metric `steward_retention_rows_removed_total`: `alerts`, `issues`, `events`. */
                        kind: string;
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.deleted.v1";
                    payload: {
                        after: null | components["schemas"]["OrganizationState"];
                        before: null | components["schemas"]["OrganizationState"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.queue_changed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.queue_changed.v1";
                    payload: {
                        after: null | components["schemas"]["Served"];
                        before: null | components["schemas"]["Served"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.renamed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.renamed.v1";
                    payload: {
                        after: null | components["schemas"]["Name"];
                        before: null | components["schemas"]["Name"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "organization.suspended.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "organization.suspended.v1";
                    payload: {
                        after: null | components["schemas"]["OrganizationState"];
                        before: null | components["schemas"]["OrganizationState"];
                    };
                    /** @enum {string} */
                    subject_type: "organization";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.asked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.asked.v1";
                    payload: {
                        after: null | components["schemas"]["Asked"];
                        before: null | components["schemas"]["Asked"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.confirmed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.confirmed.v1";
                    payload: {
                        after: null | components["schemas"]["Confirmed"];
                        before: null | components["schemas"]["Confirmed"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.created.v1";
                    payload: {
                        after: null | components["schemas"]["ReceiverSummary"];
                        before: null | components["schemas"]["ReceiverSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.credential_restored.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.credential_restored.v1";
                    payload: {
                        after: null | components["schemas"]["CredentialRestored"];
                        before: null | components["schemas"]["CredentialRestored"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.credentials_forgotten.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.credentials_forgotten.v1";
                    payload: {
                        after: null | components["schemas"]["CredentialsForgotten"];
                        before: null | components["schemas"]["CredentialsForgotten"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.deleted.v1";
                    payload: {
                        after: null | components["schemas"]["ReceiverSummary"];
                        before: null | components["schemas"]["ReceiverSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.failing.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.failing.v1";
                    payload: Record<string, never>;
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.gone.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.gone.v1";
                    payload: Record<string, never>;
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.recovered.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.recovered.v1";
                    payload: Record<string, never>;
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.tested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.tested.v1";
                    payload: {
                        after: null | components["schemas"]["Tested"];
                        before: null | components["schemas"]["Tested"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.unknown.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.unknown.v1";
                    payload: {
                        /** @description The name that no receiver has. */
                        receiver_im: string;
                    };
                    /** @enum {string} */
                    subject_type: "issue";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "receiver.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "receiver.updated.v1";
                    payload: {
                        after: null | components["schemas"]["ReceiverSummary"];
                        before: null | components["schemas"]["ReceiverSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "receiver";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "run.cancelled.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "run.cancelled.v1";
                    payload: {
                        run_id: components["schemas"]["RunId"];
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                    };
                    /** @enum {string} */
                    subject_type: "run";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "run.concluded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "run.concluded.v1";
                    payload: {
                        run_id: components["schemas"]["RunId"];
                        skill_id: components["schemas"]["SkillId"] | null;
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                        verdict: components["schemas"]["Verdict"];
                    };
                    /** @enum {string} */
                    subject_type: "run";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "run.failed.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "run.failed.v1";
                    payload: {
                        run_id: components["schemas"]["RunId"];
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                    };
                    /** @enum {string} */
                    subject_type: "run";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "run.started.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "run.started.v1";
                    /** @description A run and what it looks into. */
                    payload: {
                        run_id: components["schemas"]["RunId"];
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                    };
                    /** @enum {string} */
                    subject_type: "run";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "run.step_recorded.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "run.step_recorded.v1";
                    payload: {
                        kind: components["schemas"]["StepKind"];
                        run_id: components["schemas"]["RunId"];
                        /** Format: int32 */
                        seq: number;
                        /** Format: uuid */
                        subject_id: string;
                        /** @description `issue`. */
                        subject_type: string;
                    };
                    /** @enum {string} */
                    subject_type: "run";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "setting.reset.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "setting.reset.v1";
                    payload: {
                        after: null | components["schemas"]["SettingValue"];
                        before: null | components["schemas"]["SettingValue"];
                    };
                    /** @enum {string} */
                    subject_type: "setting";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "setting.set.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "setting.set.v1";
                    payload: {
                        after: null | components["schemas"]["SettingValue"];
                        before: null | components["schemas"]["SettingValue"];
                    };
                    /** @enum {string} */
                    subject_type: "setting";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.binding_created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.binding_created.v1";
                    payload: {
                        after: null | components["schemas"]["Binding"];
                        before: null | components["schemas"]["Binding"];
                    };
                    /** @enum {string} */
                    subject_type: "skill_binding";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.binding_deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.binding_deleted.v1";
                    payload: {
                        after: null | components["schemas"]["Binding"];
                        before: null | components["schemas"]["Binding"];
                    };
                    /** @enum {string} */
                    subject_type: "skill_binding";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.binding_updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.binding_updated.v1";
                    payload: {
                        after: null | components["schemas"]["Binding"];
                        before: null | components["schemas"]["Binding"];
                    };
                    /** @enum {string} */
                    subject_type: "skill_binding";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.created.v1";
                    payload: {
                        after: null | components["schemas"]["SkillSummary"];
                        before: null | components["schemas"]["SkillSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "skill";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.deleted.v1";
                    payload: {
                        after: null | components["schemas"]["SkillSummary"];
                        before: null | components["schemas"]["SkillSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "skill";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "skill.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "skill.updated.v1";
                    payload: {
                        after: null | components["schemas"]["SkillSummary"];
                        before: null | components["schemas"]["SkillSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "skill";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "token.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "token.created.v1";
                    payload: {
                        after: null | components["schemas"]["TokenMade"];
                        before: null | components["schemas"]["TokenMade"];
                    };
                    /** @enum {string} */
                    subject_type: "token";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "token.revoked.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "token.revoked.v1";
                    payload: {
                        after: null | components["schemas"]["Name"];
                        before: null | components["schemas"]["Name"];
                    };
                    /** @enum {string} */
                    subject_type: "token";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "tool.created.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "tool.created.v1";
                    payload: {
                        after: null | components["schemas"]["ToolSummary"];
                        before: null | components["schemas"]["ToolSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "tool";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "tool.deleted.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "tool.deleted.v1";
                    payload: {
                        after: null | components["schemas"]["ToolSummary"];
                        before: null | components["schemas"]["ToolSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "tool";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "tool.tested.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "tool.tested.v1";
                    payload: {
                        after: null | components["schemas"]["Nothing"];
                        before: null | components["schemas"]["Nothing"];
                    };
                    /** @enum {string} */
                    subject_type: "tool";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "tool.updated.v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Event"] & {
                    /** @enum {string} */
                    kind: "tool.updated.v1";
                    payload: {
                        after: null | components["schemas"]["ToolSummary"];
                        before: null | components["schemas"]["ToolSummary"];
                    };
                    /** @enum {string} */
                    subject_type: "tool";
                };
            };
        };
        responses: {
            /** @description Taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
