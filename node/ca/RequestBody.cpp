#include "node/ca/RequestBody.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostDepth = 16;
constexpr std::size_t kMostPem = 64 << 10;
constexpr std::size_t kMostTexts = 256;

std::string lowered(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// Looks at the text before a document is made of it: names twice, depth, and where it ends to be
/// JSON.
class Checker : public nlohmann::json_sax<Json> {
public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t& name) override {
        if (m_names.back().insert(lowered(name)).second) return true;
        m_what = fmt::format("the name \"{}\" stands there twice", printable(name, 64));
        return false;
    }
    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception&) override {
        m_position = position;
        m_what = "it is not JSON";
        return false;
    }

    const std::string& what() const { return m_what; }
    std::optional<std::size_t> position() const { return m_position; }

private:
    bool open() {
        m_names.emplace_back();
        if (m_names.size() <= kMostDepth) return true;
        m_what = fmt::format("it is nested deeper than {}", kMostDepth);
        return false;
    }
    bool close() {
        m_names.pop_back();
        return true;
    }

    std::vector<std::set<std::string>> m_names;
    std::string m_what;
    std::optional<std::size_t> m_position;
};

std::string placeOf(BytesView text, std::optional<std::size_t> position) {
    if (!position) return {};
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t i = 0; i + 1 < *position && i < text.size(); ++i) {
        ++column;
        if (text[i] != '\n') continue;
        ++line;
        column = 1;
    }
    return fmt::format(" ({}:{})", line, column);
}

const Json* memberOf(const Json& object, std::string_view name) {
    const std::string wanted = lowered(std::string(name));
    for (auto at = object.begin(); at != object.end(); ++at)
        if (!at.value().is_null() && lowered(at.key()) == wanted) return &at.value();
    return nullptr;
}

bool isClean(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

struct RequestBody::Document {
    Json object = Json::object();
};

RequestBody::RequestBody(std::unique_ptr<Document> document, bool missing)
    : m_document(std::move(document)), m_missing(missing) {}
RequestBody::RequestBody(RequestBody&&) noexcept = default;
RequestBody& RequestBody::operator=(RequestBody&&) noexcept = default;
RequestBody::~RequestBody() = default;

Result<RequestBody> RequestBody::parse(BytesView text) {
    auto document = std::make_unique<Document>();
    if (text.empty()) return RequestBody(std::move(document), true);
    Checker checker;
    if (!Json::sax_parse(text, &checker))
        return refuse(400, CaError::BadBody,
                      fmt::format("Invalid request body: {}{}", checker.what(),
                                  placeOf(text, checker.position())));
    document->object = Json::parse(text, nullptr, false);
    if (!document->object.is_object())
        return refuse(400, CaError::BadBody, "Invalid request body: it is not a JSON object");
    return RequestBody(std::move(document), false);
}

void RequestBody::fail(std::string_view name, std::string_view what) {
    if (m_first.ok())
        m_first = refuse(400, CaError::BadBody,
                         fmt::format("Invalid request body: \"{}\" {}", name, what));
}

bool RequestBody::has(std::string_view name) const {
    return memberOf(m_document->object, name) != nullptr;
}

std::string RequestBody::text(std::string_view name, std::size_t most) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        fail(name, "must be a text");
        return {};
    }
    std::string text = value->get<std::string>();
    if (text.size() > most) fail(name, fmt::format("is longer than {} bytes", most));
    if (!isClean(text)) fail(name, "has control characters");
    return text;
}

std::string RequestBody::pem(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        fail(name, "must be a text");
        return {};
    }
    std::string text = value->get<std::string>();
    if (text.size() > kMostPem) fail(name, "is longer than 64 KiB");
    return text;
}

std::optional<std::int64_t> RequestBody::integer(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return std::nullopt;
    const bool fits =
        value->is_number_integer() &&
        (!value->is_number_unsigned() || value->get<std::uint64_t>() <= std::uint64_t(INT64_MAX));
    if (!fits) {
        fail(name, "must be a whole number");
        return std::nullopt;
    }
    return value->get<std::int64_t>();
}

bool RequestBody::flag(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) fail(name, "must be true or false");
    return value->is_boolean() && value->get<bool>();
}

std::optional<absl::Time> RequestBody::time(std::string_view name) {
    const std::string given = text(name, 64);
    if (given.empty()) return std::nullopt;
    absl::Time time;
    std::string why;
    if (!absl::ParseTime(absl::RFC3339_full, given, &time, &why)) {
        fail(name, "must be a time in the form of RFC 3339");
        return std::nullopt;
    }
    if (time <= absl::FromCivil(absl::CivilYear(2), absl::UTCTimeZone())) return std::nullopt;
    return time;
}

std::vector<std::string> RequestBody::texts(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    std::vector<std::string> all;
    if (value == nullptr) return all;
    if (!value->is_array() || value->size() > kMostTexts) {
        fail(name, "must be a list of at most 256 texts");
        return all;
    }
    for (const Json& one : *value) {
        if (one.is_string() && isClean(one.get_ref<const std::string&>()))
            all.push_back(one.get<std::string>());
        else
            fail(name, "must be a list of texts");
    }
    return all;
}

std::optional<Attributes> RequestBody::attributes(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return std::nullopt;
    Attributes all;
    if (!value->is_array() || value->size() > kMostAttributes) {
        fail(name, "must be a list of at most 128 attributes");
        return all;
    }
    for (const Json& one : *value) {
        auto document = std::make_unique<Document>();
        document->object = one.is_object() ? one : Json::object();
        RequestBody member(std::move(document), false);
        Attribute read{.name = member.text("name"),
                       .value = member.text("value", kMostValue),
                       .inCertificate = member.flag("ecert")};
        if (!member.finish().ok() || read.name.empty()) {
            fail(name, "has an attribute without a proper name, value or ecert");
            return all;
        }
        if (findAttribute(all, read.name) != nullptr) fail(name, "has an attribute twice");
        all.push_back(std::move(read));
    }
    return all;
}

std::optional<std::vector<AttributeRequest>> RequestBody::attributeRequests(std::string_view name) {
    const Json* value = memberOf(m_document->object, name);
    if (value == nullptr) return std::nullopt;
    std::vector<AttributeRequest> all;
    if (!value->is_array() || value->size() > kMostAttributes) {
        fail(name, "must be a list of at most 128 attributes");
        return all;
    }
    for (const Json& one : *value) {
        auto document = std::make_unique<Document>();
        document->object = one.is_object() ? one : Json::object();
        RequestBody member(std::move(document), false);
        AttributeRequest read{.name = member.text("name"), .optional = member.flag("optional")};
        if (!member.finish().ok() || read.name.empty()) {
            fail(name, "has a request without a proper name");
            return all;
        }
        all.push_back(std::move(read));
    }
    return all;
}

}  // namespace chancery::node
