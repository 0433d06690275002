//! Types as the source would spell them.

use std::fmt::Write;

use super::Printer;
use crate::program::Type;

impl Printer<'_> {
    pub(super) fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Named { path, binding, args } => {
                let mut text = path.join(".");
                if let Some(binding) = binding {
                    let _ = write!(text, "#{}", binding.0);
                }
                if !args.is_empty() {
                    let _ = write!(text, "<{}>", self.types(args, ", "));
                }
                text
            }
            Type::Union(members) => format!("({})", self.types(members, " | ")),
            Type::Intersection(members) => format!("({})", self.types(members, " & ")),
            Type::Array(member) => format!("{}[]", self.ty(member)),
            Type::Object(fields) => {
                let fields: Vec<_> = fields.iter().map(|(name, ty)| format!("{name}: {}", self.ty(ty))).collect();
                format!("{{{}}}", fields.join("; "))
            }
            Type::Function(result, _) => format!("(() => {})", self.ty(result)),
            Type::TypeOf(value) => format!("typeof {}", self.inline(*value, 0)),
            Type::Member(object, name) => format!("{}[{name:?}]", self.ty(object)),
            Type::Import { module, path } => {
                format!("import({module:?}){}", path.iter().map(|segment| format!(".{segment}")).collect::<String>())
            }
            Type::Primitive(name) => name.to_string(),
            Type::Text(text) => format!("{text:?}"),
            Type::Nil => "nil".into(),
            Type::Unknown => "unknown".into(),
        }
    }

    fn types(&self, types: &[Type], separator: &str) -> String {
        types.iter().map(|ty| self.ty(ty)).collect::<Vec<_>>().join(separator)
    }
}
