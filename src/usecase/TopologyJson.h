#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// Limits of a document; what is beyond them is refused before it is kept.
struct StrictJsonLimits {
    std::size_t bytes = 1U << 20;
    std::size_t values = 50'000;
    int depth = 24;
};

/// A JSON document that somebody else wrote, read without mercy: a name that stands twice, a name
/// that nobody asks for, a value of another kind and whatever is beyond the limits is a mistake,
/// told with its place. One thread at a time; a cheap handle to a part of the document.
class StrictJson {
public:
    /// INVALID_ARGUMENT with `reason`, whose arguments are `line` and `column`, or `path` too;
    /// RESOURCE_EXHAUSTED with the same reason beyond a limit.
    static Result<StrictJson> parse(BytesView text, std::string reason,
                                    const StrictJsonLimits& limits = {});

    bool has(const std::string& name) const;
    /// Absent ones are empty and take what is asked of them.
    StrictJson member(const std::string& name);
    std::string text(const std::string& name, const std::string& otherwise = {});
    std::string required(const std::string& name);
    std::uint64_t number(const std::string& name, std::uint64_t otherwise, std::uint64_t least,
                         std::uint64_t most);
    std::vector<std::string> texts(const std::string& name);
    /// Entries of a list of objects.
    std::vector<StrictJson> objects(const std::string& name);
    /// All names of this object with their texts, in order.
    std::vector<std::pair<std::string, std::string>> allTexts();
    /// The value as it stands, whatever it is; empty when it is absent.
    std::string raw(const std::string& name);

    /// Something about a value is wrong beyond its form.
    void fail(const std::string& name, const std::string& what);
    /// The first mistake of the whole document, names that nobody asked for included.
    Status finish() const;

private:
    struct Value;
    struct Document;
    class Builder;
    StrictJson(std::shared_ptr<Document> document, Value* value, std::string path)
        : m_document(std::move(document)), m_value(value), m_path(std::move(path)) {}

    Value* find(const std::string& name) const;
    void failAt(const Value* value, const std::string& path, const std::string& what) const;

    std::shared_ptr<Document> m_document;
    Value* m_value = nullptr;  // null: absent
    std::string m_path;
};

}  // namespace chancery::usecase
