use std::path::PathBuf;

use proptest::prelude::*;
use testkit::TestDb;

use super::{
    ImportOutcome,
    document::{Document, read},
    import_dir,
};
use crate::testing::{client, deps};

#[track_caller]
fn check(path: &str, text: &str, name: &str, problem: &str, sop: &str) {
    let expected = Document { name: name.into(), problem_description: problem.into(), sop: sop.into() };
    assert_eq!(read(path, text), expected, "{text}");
}

#[test]
fn front_matter_says_name_and_description() {
    let read = |matter: &str| read("a.md", &format!("---\n{matter}\n---\n\n# Title\n\nText."));
    let check = |matter: &str, name: &str, problem: &str| {
        let found = read(matter);
        assert_eq!((found.name.as_str(), found.problem_description.as_str()), (name, problem), "{matter}");
        assert_eq!(found.sop, "# Title\n\nText.");
    };
    check("name: disk-full\ndescription: The disk: full.", "disk-full", "The disk: full.");
    check("name: \"a \\\"b\\\"\"\ndescription: 'it''s'  # why", "a \"b\"", "it's");
    check(
        "# a comment\nname: a # b\ndescription: >-\n  two\n  lines\nmetadata:\n  name: inner",
        "a",
        "two lines",
    );
    check("description: |\n  two\n  lines\nname:\n  below", "below", "two\nlines");
    check("tags: [a, b]\n- odd\n{", "Title", "Text.");
    check("name:", "Title", "Text.");
}

#[test]
fn without_front_matter_the_heading_and_the_first_paragraph_do() {
    check(
        "a.md",
        "Intro `x`\nmore.\n\n# The *big* one\n\nText.",
        "The big one",
        "Intro x more.",
        "Intro `x`\nmore.\n\n# The *big* one\n\nText.",
    );
    check("runbooks/disk-full.md", "- only a list", "disk full", "disk full", "- only a list");
    check("oom-kill/SKILL.md", "", "oom kill", "oom kill", "");
    check("a.md", "---\nname: never closed", "a", "name: never closed", "---\nname: never closed");
    check("a.md", "\u{feff}---\r\nname: dos\r\n---\r\nText.", "dos", "Text.", "Text.");
}

proptest! {
    #[test]
    fn any_text_is_a_document(text in "(---\n)?(\\PC{0,30}\n){0,8}(---\n)?\\PC{0,40}") {
        let document = read("folder/file.md", &text);
        prop_assert!(text.ends_with(document.sop.as_str()));
        prop_assert!(document.name.chars().count() <= 255);
    }
}

/// A folder that is deleted at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("steward-import-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_folder_is_imported_as_it_is_and_again_with_its_changes() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let (deps, folder) = (deps(&db.db), Folder::new());
    folder.write("README.md", "# Not a runbook");
    folder.write(".hidden/a.md", "# Hidden");
    folder.write("disk.md", "# Disk full\n\nThe disk is full.\n\n1. Look");
    folder.write("oom/SKILL.md", "---\nname: oom\ndescription: Memory runs out.\n---\n# OOM\n");
    folder.write("oom/references/limits.md", "# An appendix");
    folder.write("team/wrong.md", "# Wrong\n\n- run: `disk(`");
    folder.write("team/notes.txt", "no Markdown");

    let import = async || {
        let report = import_dir(&deps, &org.caller().scope(), &folder.0).await.unwrap();
        report.into_iter().map(|file| (file.path, file.outcome)).collect::<Vec<_>>()
    };
    let failed = ImportOutcome::Failed("/sop:3: the call is not closed: `)` is missing".into());
    let expect = |disk: ImportOutcome, oom: ImportOutcome| {
        vec![
            ("disk.md".to_owned(), disk),
            ("oom/SKILL.md".to_owned(), oom),
            ("team/wrong.md".to_owned(), failed.clone()),
        ]
    };
    let (disk, oom) = ("Disk full".to_owned(), "oom".to_owned());
    assert_eq!(
        import().await,
        expect(ImportOutcome::Created(disk.clone()), ImportOutcome::Created(oom.clone()))
    );
    assert_eq!(import().await, expect(ImportOutcome::Unchanged(disk), ImportOutcome::Unchanged(oom.clone())));

    folder.write("disk.md", "# Disk is full\n\nThe disk is full.");
    let renamed = ImportOutcome::Updated("Disk is full".into());
    assert_eq!(import().await, expect(renamed, ImportOutcome::Unchanged(oom)));
    assert_eq!(org.count("skills").await, 2, "a file that is renamed inside stays one skill");
}

#[tokio::test]
async fn a_skill_that_people_wrote_is_taken_over_by_the_file_of_its_name() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let folder = Folder::new();
    let client = client(&db, org.caller());
    let skill = serde_json::json!({ "name": "Disk full", "problem_description": "x", "sop": "", "status": "inactive" });
    client.post("/api/v1/skills", skill).await.expect(201);
    folder.write("disk.md", "# Disk full\n\nThe disk is full.");
    import_dir(&deps(&db.db), &org.caller().scope(), &folder.0).await.unwrap();
    let shown = client.get("/api/v1/skills").await.expect(200)["items"][0].clone();
    assert_eq!((&shown["origin"], &shown["status"]), (&"disk.md".into(), &"inactive".into()));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_an_error() {
    let db = TestDb::new().await;
    let org = db.org("acme").await;
    let error =
        import_dir(&deps(&db.db), &org.caller().scope(), "/nowhere/at/all".as_ref()).await.unwrap_err();
    assert_eq!(error.code().0, "invalid_folder");
}
