//! How the simple types are described in the API: as strings with a format or a pattern.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr,
        schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type},
    },
};

use super::{Day, Id, Instant, Month, Period, Secret, Text};

macro_rules! string_schemas {
    ($($type:ty => $describe:expr;)+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let describe: fn(ObjectBuilder) -> ObjectBuilder = $describe;
                describe(ObjectBuilder::new().schema_type(Type::String)).into()
            }
        }
        impl ToSchema for $type {}
    )+};
}

fn format(object: ObjectBuilder, format: KnownFormat) -> ObjectBuilder {
    object.format(Some(SchemaFormat::KnownFormat(format)))
}

string_schemas! {
    Id => |object| object.format(Some(SchemaFormat::Custom("uuid".into())));
    Day => |object| format(object, KnownFormat::Date);
    Instant => |object| format(object, KnownFormat::DateTime);
    Month => |object| object.pattern(Some(r"^[12][0-9]{3}-(0[1-9]|1[0-2])$"));
    Period => |object| object
        .description(Some("A month `2026-11`, a quarter `2026-Q4`, a year `2026`, or `all`."))
        .pattern(Some(r"^((19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-Q[1-4])?|all)$"));
    Text => |object| object;
    Secret => |object| format(object, KnownFormat::Password);
}
