#include "src/channel/JsonText.h"

namespace chancery::channel {
namespace {

using nlohmann::json;

struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
};

Position positionOf(std::string_view text, std::size_t offset) {
    Position position;
    for (const char c : text.substr(0, std::min(offset, text.size()))) {
        position.column = c == '\n' ? 1 : position.column + 1;
        position.line += c == '\n';
    }
    return position;
}

/// Builds the value while it is read, so that the caps and the uniqueness of keys are checked
/// before anything is kept.
class Builder {
public:
    using number_integer_t = json::number_integer_t;
    using number_unsigned_t = json::number_unsigned_t;
    using number_float_t = json::number_float_t;
    using string_t = json::string_t;
    using binary_t = json::binary_t;

    Builder(std::string_view text, const JsonLimits& limits) : m_text(text), m_limits(limits) {}

    bool null() { return add(nullptr) != nullptr; }
    bool boolean(bool value) { return add(value) != nullptr; }
    bool number_integer(number_integer_t value) { return add(value) != nullptr; }
    bool number_unsigned(number_unsigned_t value) { return add(value) != nullptr; }
    bool number_float(number_float_t value, const string_t&) { return add(value) != nullptr; }
    bool string(string_t& value) { return add(std::move(value)) != nullptr; }
    bool binary(binary_t&) { return false; }
    bool start_object(std::size_t) { return open(json::object()); }
    bool start_array(std::size_t) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(string_t& name) {
        json& object = *m_open.back();
        if (object.contains(name)) {
            m_key = std::move(name);
            return fail("DUPLICATE_KEY", "a key stands twice in one object",
                        {{"path", path() + "." + m_key.substr(0, 256)}});
        }
        m_key = std::move(name);
        return true;
    }

    bool parse_error(std::size_t offset, const std::string&, const nlohmann::detail::exception&) {
        const Position at = positionOf(m_text, offset == 0 ? 0 : offset - 1);
        return fail("BAD_JSON", fmt::format("not JSON at line {}, column {}", at.line, at.column),
                    {{"line", std::to_string(at.line)}, {"column", std::to_string(at.column)}});
    }

    Status status() const { return m_status; }
    json take() { return std::move(m_root); }

private:
    bool fail(std::string_view reason, std::string_view sentence, ErrorArguments arguments,
              StatusCode code = StatusCode::kInvalidArgument) {
        m_status = makeError(code, reason, sentence, std::move(arguments));
        return false;
    }

    template <class T>
    json* add(T&& value) {
        if (++m_values > m_limits.maxValues) {
            fail("JSON_TOO_LARGE",
                 fmt::format("the JSON holds more than {} values", m_limits.maxValues), {},
                 StatusCode::kResourceExhausted);
            return nullptr;
        }
        if (m_open.empty()) {
            m_root = json(std::forward<T>(value));
            return &m_root;
        }
        json& parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(json(std::forward<T>(value)));
            return &parent.back();
        }
        return &(parent[m_key] = json(std::forward<T>(value)));
    }

    bool open(json&& container) {
        if (m_open.size() >= m_limits.maxDepth)
            return fail("JSON_TOO_DEEP",
                        fmt::format("the JSON is deeper than {} levels", m_limits.maxDepth), {},
                        StatusCode::kResourceExhausted);
        json* added = add(std::move(container));
        if (added == nullptr) return false;
        if (!m_open.empty())
            m_steps.push_back(m_open.back()->is_array()
                                  ? fmt::format("[{}]", m_open.back()->size() - 1)
                                  : "." + m_key.substr(0, 256));
        m_open.push_back(added);
        return true;
    }

    bool close() {
        m_open.pop_back();
        if (!m_steps.empty()) m_steps.pop_back();
        return true;
    }

    std::string path() const {
        std::string text = "$";
        for (const std::string& step : m_steps) text += step;
        return text;
    }

    std::string_view m_text;
    const JsonLimits& m_limits;
    json m_root;
    std::vector<json*> m_open;  // a container does not move while one of its children is open
    std::vector<std::string> m_steps;
    std::string m_key;
    std::size_t m_values = 0;
    Status m_status;
};

}  // namespace

Result<json> readJson(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.maxBytes)
        return makeError(
            StatusCode::kResourceExhausted, "JSON_TOO_LARGE",
            fmt::format("the JSON has {} bytes, more than {}", text.size(), limits.maxBytes));
    Builder builder(text, limits);
    if (!json::sax_parse(text, &builder)) {
        if (!builder.status().ok()) return builder.status();
        return makeError(StatusCode::kInvalidArgument, "BAD_JSON", "not JSON");
    }
    return builder.take();
}

std::string writeJson(const json& value) {
    const std::string plain = value.dump(1, '\t', false, nlohmann::json::error_handler_t::replace);
    std::string text;
    text.reserve(plain.size() + 1);
    for (std::size_t at = 0; at < plain.size(); ++at) {
        // Outside strings JSON has none of these characters.
        const std::string_view rest = std::string_view(plain).substr(at, 3);
        if (rest == "\xE2\x80\xA8" || rest == "\xE2\x80\xA9") {
            text += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
            at += 2;
        } else if (plain[at] == '<' || plain[at] == '>' || plain[at] == '&') {
            text += fmt::format("\\u{:04x}", static_cast<unsigned>(plain[at]));
        } else {
            text += plain[at];
        }
    }
    text += '\n';
    return text;
}

}  // namespace chancery::channel
