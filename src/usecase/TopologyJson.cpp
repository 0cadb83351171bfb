#include "src/usecase/TopologyJson.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"

namespace chancery::usecase {

using Json = nlohmann::ordered_json;

struct StrictJson::Value {
    enum class Kind { Null, Flag, Number, Text, List, Object };
    Kind kind = Kind::Null;
    std::size_t offset = 0;  // of its end, or of the end of its opening bracket
    Json scalar;
    std::vector<std::unique_ptr<Value>> entries;
    std::vector<std::string> names;  // of an object's entries
    std::vector<bool> asked;
    bool whole = false;  // taken as it stands
};

struct StrictJson::Document {
    Bytes text;
    std::string reason;
    std::unique_ptr<Value> root;
    Status first;

    Status at(StatusCode code, std::size_t offset, const std::string& path,
              const std::string& what) const {
        const std::string_view before = BytesView(text).substr(0, std::min(offset, text.size()));
        const auto line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
        const std::size_t begin = line == 0 ? 0 : before.rfind('\n') + 1;
        const std::string lineText = std::to_string(line + 1);
        const std::string columnText =
            std::to_string(std::max<std::size_t>(1, before.size() - begin));
        return makeError(code, reason,
                         fmt::format("line {}, column {}: {}{}{}", lineText, columnText,
                                     printable(path), path.empty() ? "" : ": ", what),
                         {{"line", lineText}, {"column", columnText}, {"path", path}});
    }
};

/// Told by the parser of everything that it meets; knows where.
class StrictJson::Builder {
public:
    Builder(Document& document, const StrictJsonLimits& limits, const std::size_t& consumed)
        : m_document(document), m_limits(limits), m_consumed(consumed) {}

    Status status() const { return m_status; }

    bool null() { return take(Value::Kind::Null, nullptr); }
    bool boolean(bool value) { return take(Value::Kind::Flag, value); }
    bool number_integer(std::int64_t value) { return take(Value::Kind::Number, value); }
    bool number_unsigned(std::uint64_t value) { return take(Value::Kind::Number, value); }
    bool number_float(double value, const std::string&) { return take(Value::Kind::Number, value); }
    bool string(std::string& value) { return take(Value::Kind::Text, std::move(value)); }
    bool binary(Json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(Value::Kind::Object); }
    bool start_array(std::size_t) { return open(Value::Kind::List); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        Value& object = *m_open.back();
        if (std::ranges::find(object.names, name) != object.names.end())
            return refuse(StatusCode::kInvalidArgument, "stands there twice", name);
        object.names.push_back(std::move(name));
        object.asked.push_back(false);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const Json::exception&) {
        if (m_status.ok())
            m_status = m_document.at(StatusCode::kInvalidArgument, position, "", "is not JSON");
        return false;
    }

private:
    bool refuse(StatusCode code, const std::string& what, const std::string& path = {}) {
        if (m_status.ok()) m_status = m_document.at(code, m_consumed, path, what);
        return false;
    }
    Value* add(Value::Kind kind) {
        if (++m_values > m_limits.values) {
            refuse(StatusCode::kResourceExhausted, "has too many values");
            return nullptr;
        }
        auto made = std::make_unique<Value>();
        made->kind = kind;
        made->offset = m_consumed;
        Value* const there = made.get();
        if (m_open.empty())
            m_document.root = std::move(made);
        else
            m_open.back()->entries.push_back(std::move(made));
        return there;
    }
    bool take(Value::Kind kind, Json scalar) {
        Value* const there = add(kind);
        if (there != nullptr) there->scalar = std::move(scalar);
        return there != nullptr;
    }
    bool open(Value::Kind kind) {
        if (static_cast<int>(m_open.size()) >= m_limits.depth)
            return refuse(StatusCode::kResourceExhausted, "is too deep");
        Value* const there = add(kind);
        if (there != nullptr) m_open.push_back(there);
        return there != nullptr;
    }
    bool close() {
        m_open.pop_back();
        return true;
    }

    Document& m_document;
    const StrictJsonLimits& m_limits;
    const std::size_t& m_consumed;
    std::vector<Value*> m_open;
    std::size_t m_values = 0;
    Status m_status;
};

namespace {

/// Counts what the parser has taken.
class Counted {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Counted(const char* at, std::size_t* count) : m_at(at), m_count(count) {}
    reference operator*() const { return *m_at; }
    Counted& operator++() {
        ++m_at;
        ++*m_count;
        return *this;
    }
    Counted operator++(int) {
        const Counted before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Counted& a, const Counted& b) { return a.m_at == b.m_at; }
    friend bool operator!=(const Counted& a, const Counted& b) { return a.m_at != b.m_at; }

private:
    const char* m_at;
    std::size_t* m_count;
};

}  // namespace

Result<StrictJson> StrictJson::parse(BytesView text, std::string reason,
                                     const StrictJsonLimits& limits) {
    auto document = std::make_shared<Document>();
    document->reason = std::move(reason);
    if (text.size() > limits.bytes)
        return document->at(StatusCode::kResourceExhausted, 0, "",
                            fmt::format("is larger than {} bytes", limits.bytes));
    document->text = Bytes(text);
    std::size_t consumed = 0;
    Builder builder(*document, limits, consumed);
    const char* const begin = document->text.data();
    const bool read =
        Json::sax_parse(Counted(begin, &consumed), Counted(begin + text.size(), &consumed),
                        &builder, nlohmann::detail::input_format_t::json, true);
    RETURN_IF_ERROR(builder.status());
    if (!read || document->root == nullptr)
        return document->at(StatusCode::kInvalidArgument, consumed, "", "is not JSON");
    if (document->root->kind != Value::Kind::Object)
        return document->at(StatusCode::kInvalidArgument, document->root->offset, "",
                            "is not an object");
    Value* const root = document->root.get();
    return StrictJson(std::move(document), root, "");
}

StrictJson::Value* StrictJson::find(const std::string& name) const {
    if (m_value == nullptr) return nullptr;
    for (std::size_t i = 0; i < m_value->names.size(); ++i)
        if (m_value->names[i] == name) {
            m_value->asked[i] = true;
            return m_value->entries[i].get();
        }
    return nullptr;
}

void StrictJson::failAt(const Value* value, const std::string& path,
                        const std::string& what) const {
    if (!m_document->first.ok()) return;
    m_document->first = m_document->at(
        StatusCode::kInvalidArgument,
        value != nullptr ? value->offset : (m_value != nullptr ? m_value->offset : 0), path, what);
}

void StrictJson::fail(const std::string& name, const std::string& what) {
    failAt(find(name), m_path + "/" + name, what);
}

bool StrictJson::has(const std::string& name) const {
    return m_value != nullptr && std::ranges::find(m_value->names, name) != m_value->names.end();
}

StrictJson StrictJson::member(const std::string& name) {
    Value* found = find(name);
    const std::string path = m_path + "/" + name;
    if (found != nullptr && found->kind != Value::Kind::Object) {
        failAt(found, path, "is not an object");
        found = nullptr;
    }
    return {m_document, found, path};
}

std::string StrictJson::text(const std::string& name, const std::string& otherwise) {
    const Value* found = find(name);
    if (found == nullptr) return otherwise;
    if (found->kind == Value::Kind::Text) return found->scalar.get<std::string>();
    failAt(found, m_path + "/" + name, "is not a text");
    return otherwise;
}

std::string StrictJson::required(const std::string& name) {
    std::string value = text(name);
    if (value.empty()) fail(name, has(name) ? "is empty" : "is missing");
    return value;
}

std::uint64_t StrictJson::number(const std::string& name, std::uint64_t otherwise,
                                 std::uint64_t least, std::uint64_t most) {
    const Value* found = find(name);
    if (found == nullptr) return otherwise;
    if (found->scalar.is_number_unsigned())
        if (const auto value = found->scalar.get<std::uint64_t>(); value >= least && value <= most)
            return value;
    failAt(found, m_path + "/" + name,
           fmt::format("is not a whole number from {} to {}", least, most));
    return otherwise;
}

std::vector<std::string> StrictJson::texts(const std::string& name) {
    std::vector<std::string> all;
    const Value* found = find(name);
    if (found == nullptr) return all;
    if (found->kind != Value::Kind::List) {
        failAt(found, m_path + "/" + name, "is not a list");
        return all;
    }
    for (std::size_t i = 0; i < found->entries.size(); ++i) {
        const Value& entry = *found->entries[i];
        if (entry.kind != Value::Kind::Text)
            failAt(&entry, fmt::format("{}/{}/{}", m_path, name, i), "is not a text");
        else
            all.push_back(entry.scalar.get<std::string>());
    }
    return all;
}

std::vector<StrictJson> StrictJson::objects(const std::string& name) {
    std::vector<StrictJson> all;
    const Value* found = find(name);
    if (found == nullptr) return all;
    if (found->kind != Value::Kind::List) {
        failAt(found, m_path + "/" + name, "is not a list");
        return all;
    }
    for (std::size_t i = 0; i < found->entries.size(); ++i) {
        const std::string path = fmt::format("{}/{}/{}", m_path, name, i);
        if (found->entries[i]->kind != Value::Kind::Object)
            failAt(found->entries[i].get(), path, "is not an object");
        else
            all.push_back({m_document, found->entries[i].get(), path});
    }
    return all;
}

std::vector<std::pair<std::string, std::string>> StrictJson::allTexts() {
    std::vector<std::pair<std::string, std::string>> all;
    if (m_value == nullptr) return all;
    for (const std::string& name : m_value->names) all.emplace_back(name, text(name));
    return all;
}

std::string StrictJson::raw(const std::string& name) {
    Value* found = find(name);
    if (found == nullptr) return {};
    found->whole = true;
    const auto toJson = [](const auto& self, const Value& value) -> Json {
        if (value.kind == Value::Kind::List) {
            Json list = Json::array();
            for (const auto& entry : value.entries) list.push_back(self(self, *entry));
            return list;
        }
        if (value.kind == Value::Kind::Object) {
            Json object = Json::object();
            for (std::size_t i = 0; i < value.names.size(); ++i)
                object[value.names[i]] = self(self, *value.entries[i]);
            return object;
        }
        return value.scalar;
    };
    return toJson(toJson, *found).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Status StrictJson::finish() const {
    RETURN_IF_ERROR(m_document->first);
    const auto unasked = [&](const auto& self, const Value& value,
                             const std::string& path) -> Status {
        if (value.whole) return absl::OkStatus();
        for (std::size_t i = 0; i < value.entries.size(); ++i) {
            const bool named = value.kind == Value::Kind::Object;
            const std::string there =
                fmt::format("{}/{}", path, named ? value.names[i] : std::to_string(i));
            if (named && !value.asked[i])
                return m_document->at(StatusCode::kInvalidArgument, value.entries[i]->offset, there,
                                      "is not known");
            RETURN_IF_ERROR(self(self, *value.entries[i], there));
        }
        return absl::OkStatus();
    };
    return unasked(unasked, *m_document->root, "");
}

}  // namespace chancery::usecase
