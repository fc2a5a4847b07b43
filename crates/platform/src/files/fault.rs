use std::io;

use kernel::Error;

/// What is wrong with the store of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file.
    Missing,
    Full,
    Bucket,
    Region,
    Refused,
    Clock,
    Certificate,
    Away,
}

impl Fault {
    /// For the operator.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Missing => "what was just written is not there",
            Self::Full => "there is no room: make some, or give files another place",
            Self::Bucket => "there is no such bucket: make it, or mend --files-url",
            Self::Region => "the bucket is in another region: mend --files-s3-region",
            Self::Refused => {
                "access is refused: mend the credentials and what they may do (get, put, delete, list), or the folder's owner"
            }
            Self::Clock => "the clocks differ by too much: set this machine's",
            Self::Certificate => {
                "its certificate is not trusted: name its authority with --files-s3-ca-file, or mend --files-s3-endpoint"
            }
            Self::Away => {
                "it does not answer as it should: look at the folder and its disk, or at --files-s3-endpoint, the network and the store"
            }
        }
    }

    /// For whoever wanted a file; how the operator has set things up is not their concern.
    pub(super) fn error(self) -> Error {
        match self {
            Self::Missing => Error::NotFound("file"),
            Self::Full => Error::disk_full("there is no room where files are kept"),
            _ => Error::unavailable("files cannot be stored or read now"),
        }
    }
}

/// What an error of the store means. What S3 answered stands in its text alone.
pub(super) fn of(error: &object_store::Error) -> Fault {
    if let Some(kind) = io_kind(error) {
        match kind {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => return Fault::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => return Fault::Refused,
            _ => {}
        }
    }
    let text = chain(error);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match error {
        _ if says(&["NoSuchBucket"]) => Fault::Bucket,
        _ if says(&["RequestTimeTooSkewed"]) => Fault::Clock,
        _ if says(&["InsufficientStorage", "StorageFull", "QuotaExceeded"]) => Fault::Full,
        _ if says(&["AuthorizationHeaderMalformed", "PermanentRedirect"]) => Fault::Region,
        object_store::Error::NotFound { .. } => Fault::Missing,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            Fault::Refused
        }
        _ if says(&["certificate", "UnknownIssuer"]) => Fault::Certificate,
        _ => Fault::Away,
    }
}

fn causes(error: &object_store::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
}

fn io_kind(error: &object_store::Error) -> Option<io::ErrorKind> {
    causes(error).find_map(|error| error.downcast_ref::<io::Error>()).map(io::Error::kind)
}

/// An error with its causes, each said once.
pub(super) fn chain(error: &object_store::Error) -> String {
    let mut said = String::new();
    for cause in causes(error).map(ToString::to_string) {
        if !said.contains(&cause) {
            said += if said.is_empty() { "" } else { ": " };
            said += &cause;
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> object_store::Error {
        object_store::Error::Generic { store: "S3", source: source.into() }
    }

    #[test]
    fn what_a_store_says_is_told_apart() {
        let io = |kind| of(&generic(io::Error::from(kind)));
        assert_eq!(io(io::ErrorKind::StorageFull), Fault::Full);
        assert_eq!(io(io::ErrorKind::QuotaExceeded), Fault::Full);
        assert_eq!(io(io::ErrorKind::PermissionDenied), Fault::Refused);
        let refused =
            |text: &str| object_store::Error::PermissionDenied { path: "a".into(), source: text.into() };
        assert_eq!(of(&refused("403: <Code>RequestTimeTooSkewed</Code>")), Fault::Clock);
        assert_eq!(of(&refused("403: <Code>SignatureDoesNotMatch</Code>")), Fault::Refused);
        assert_eq!(of(&generic("507: <Code>XMinioStorageFull</Code>")), Fault::Full);
        assert_eq!(of(&generic("400: <Code>AuthorizationHeaderMalformed</Code>")), Fault::Region);
        assert_eq!(of(&generic("invalid peer certificate: UnknownIssuer")), Fault::Certificate);
        assert_eq!(of(&generic("connection refused")), Fault::Away);
    }

    #[test]
    fn a_store_without_room_is_a_full_disk_and_any_other_fault_passes() {
        assert_eq!(Fault::Full.error().code().0, "disk_full");
        assert_eq!(Fault::Refused.error().code().0, "unavailable");
        assert_eq!(Fault::Missing.error().code().0, "not_found");
    }
}
