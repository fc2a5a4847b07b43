//! Which module a name comes from.

use std::collections::BTreeMap;

use syn::UseTree;

/// `[alerts, issues, model]` of `crates/alerts/src/issues/model.rs`.
type Place = Vec<String>;

/// What each file imports, by the name it has there.
#[derive(Default)]
pub struct Modules {
    imports: BTreeMap<(String, String), Place>,
}

impl Modules {
    pub fn add(&mut self, name: &str, file: &syn::File) {
        let mut uses = Uses(Vec::new());
        syn::visit::Visit::visit_file(&mut uses, file);
        for (name_here, path) in uses.0 {
            self.imports.insert((name.to_owned(), name_here), absolute(&path, name));
        }
    }

    /// The name that something has where it is declared, and where to look for it, the most exact place first.
    pub fn origin(&self, written: &[String], file: &str) -> (String, Vec<Place>) {
        let imported = written.first().and_then(|first| self.imports.get(&(file.to_owned(), first.clone())));
        let paths = match imported {
            Some(path) => vec![[path.as_slice(), &written[1..]].concat()],
            // Of a module below, or of another crate.
            None => vec![[place_of(file).as_slice(), written].concat(), absolute(written, file)],
        };
        let name = paths[0].last().cloned().unwrap_or_default();
        // What a module offers may be declared below it, or beside it and offered above.
        let places =
            paths.iter().flat_map(|path| (1..path.len()).map(|less| path[..path.len() - less].to_vec()));
        (name, places.collect())
    }

    pub fn is_in(&self, file: &str, place: &Place) -> bool {
        place_of(file).starts_with(place)
    }
}

fn place_of(file: &str) -> Place {
    let parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    let [_, krate, _, modules @ ..] = parts.as_slice() else { return Place::new() };
    let modules = modules.iter().filter(|module| !["lib", "main", "mod"].contains(module));
    [*krate].iter().chain(modules).map(ToString::to_string).collect()
}

/// A path as it is written in a file, from its crate on.
fn absolute(path: &[String], file: &str) -> Place {
    let here = place_of(file);
    let supers = path.iter().take_while(|part| *part == "super").count();
    let above = here.get(..here.len().saturating_sub(supers)).unwrap_or_default();
    match path.first().map(String::as_str) {
        Some("crate") => [&here[..1.min(here.len())], &path[1..]].concat(),
        Some("self") => [here.as_slice(), &path[1..]].concat(),
        Some("super") => [above, &path[supers..]].concat(),
        _ => path.to_vec(),
    }
}

struct Uses(Vec<(String, Place)>);

impl<'ast> syn::visit::Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }
}

impl Uses {
    fn tree(&mut self, tree: &UseTree, above: &[String]) {
        let with = |ident: &syn::Ident| [above, &[ident.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, above)),
            UseTree::Name(name) if name.ident == "self" => {
                self.0.extend(above.last().map(|last| (last.clone(), above.to_vec())));
            }
            UseTree::Name(name) => self.0.push((name.ident.to_string(), with(&name.ident))),
            UseTree::Rename(name) => self.0.push((name.rename.to_string(), with(&name.ident))),
            UseTree::Glob(_) => {}
        }
    }
}
