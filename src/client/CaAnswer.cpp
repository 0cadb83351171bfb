#include "src/client/CaAnswer.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"

namespace chancery::client {
namespace {

using interfaces::CaIdentity;

constexpr int kDeepest = 32;      // of affiliations
constexpr int kDeepestJson = 80;  // two levels for each of them

/// Fabric CA's numbers that mean something to whoever asked.
struct Meaning {
    int code;
    StatusCode canonical;
    std::string_view reason;
};
constexpr Meaning kMeanings[] = {
    {8, StatusCode::kNotFound, "NO_SUCH_CERTIFICATE"},
    {10, StatusCode::kNotFound, "NO_SUCH_IDENTITY"},
    {19, StatusCode::kNotFound, "NO_SUCH_CA"},
    {20, StatusCode::kUnauthenticated, "CA_AUTHENTICATION_FAILED"},
    {63, StatusCode::kNotFound, "NOT_REGISTERED"},
    {66, StatusCode::kFailedPrecondition, "ALREADY_REVOKED"},
    {71, StatusCode::kPermissionDenied, "CA_NOT_ALLOWED"},
    {73, StatusCode::kUnauthenticated, "CA_IDENTITY_LOCKED"},
    {74, StatusCode::kAlreadyExists, "ALREADY_REGISTERED"},
};

StatusCode canonicalOf(int httpStatus) {
    switch (httpStatus) {
        case 400:
            return StatusCode::kInvalidArgument;
        case 401:
            return StatusCode::kUnauthenticated;
        case 403:
            return StatusCode::kPermissionDenied;
        case 404:
            return StatusCode::kNotFound;
        case 405:
            return StatusCode::kUnimplemented;
        case 409:
            return StatusCode::kAlreadyExists;
        default:
            return StatusCode::kFailedPrecondition;
    }
}

std::string textOr(const CaJson& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A document that is no deeper than answers are: each level costs far more memory than its byte.
CaJson parsed(BytesView text) {
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\') ++i;
        if (c == '"') inString = !inString;
        if (inString) continue;
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > kDeepestJson) return CaJson(CaJson::value_t::discarded);
    }
    return CaJson::parse(text, nullptr, false);
}

/// Only what stands at /result/certs/…/PEM counts.
class CertificateReader final : public nlohmann::json_sax<CaJson> {
public:
    explicit CertificateReader(const std::function<Status(BytesView)>& each) : m_each(each) {}

    Status status = absl::OkStatus();
    bool sawResult = false;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool string(string_t& text) override {
        if (m_depth != kEntry || !m_inList || m_key != "PEM") return true;
        status = m_each(text);
        return status.ok();
    }
    bool start_object(std::size_t) override {
        m_key.clear();
        ++m_depth;
        return true;
    }
    bool end_object() override {
        --m_depth;
        return true;
    }
    bool start_array(std::size_t) override {
        if (m_depth == kEntry - 2) m_inList = m_inResult && m_key == "certs";
        sawResult = sawResult || m_inList;
        m_key.clear();
        ++m_depth;
        return true;
    }
    bool end_array() override {
        --m_depth;
        if (m_depth == kEntry - 2) m_inList = false;
        return true;
    }
    bool key(string_t& name) override {
        m_key = name;
        if (m_depth == 1) m_inResult = name == "result";
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        status = unexpectedAnswer("is no JSON");
        return false;
    }

private:
    static constexpr int kEntry = 4;  // root, result, certs, entry

    const std::function<Status(BytesView)>& m_each;
    int m_depth = 0;
    bool m_inResult = false;
    bool m_inList = false;
    std::string m_key;
};

}  // namespace

Status unexpectedAnswer(std::string_view what) {
    return makeError(StatusCode::kDataLoss, "UNEXPECTED_ANSWER",
                     fmt::format("the CA's answer {}", what));
}

Status refusalOf(const http::Response& response) {
    const CaJson body = parsed(response.body);
    int code = 0;
    std::string message;
    if (body.is_object() && body.contains("errors") && body["errors"].is_array() &&
        !body["errors"].empty() && body["errors"][0].is_object()) {
        const CaJson& first = body["errors"][0];
        message = textOr(first, "message");
        if (first.contains("code") && first["code"].is_number_integer())
            code = first["code"].get<int>();
    }
    StatusCode canonical = canonicalOf(response.status);
    std::string_view reason = "CA_REFUSED";
    for (const Meaning& meaning : kMeanings)
        if (code == meaning.code) {
            canonical = meaning.canonical;
            reason = meaning.reason;
        }
    const std::string said =
        message.empty() ? fmt::format("HTTP status {}", response.status) : printable(message, 512);
    return makeError(canonical, reason, fmt::format("the CA refuses: {}", said),
                     {{"status", std::to_string(response.status)},
                      {"code", std::to_string(code)},
                      {"message", printable(message, 512)}});
}

Result<CaJson> resultOf(const http::Response& response) {
    if (response.status != 200 && response.status != 201) return refusalOf(response);
    CaJson body = parsed(response.body);
    if (!body.is_object()) return unexpectedAnswer("is no JSON object");
    const auto success = body.find("success");
    if (success != body.end() && success->is_boolean() && !success->get<bool>())
        return refusalOf(response);
    const auto result = body.find("result");
    if (result == body.end() || !result->is_object()) return unexpectedAnswer("has no result");
    return std::move(*result);
}

Result<std::string> textIn(const CaJson& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string())
        return unexpectedAnswer(fmt::format("has no text \"{}\"", name));
    return found->get<std::string>();
}

Result<Bytes> decodedIn(const CaJson& object, const char* name) {
    auto decoded = fromBase64(textOr(object, name));
    if (!decoded.ok()) return unexpectedAnswer(fmt::format("has no base64 in \"{}\"", name));
    return decoded;
}

Result<interfaces::CaInfo> readInfo(const CaJson& json) {
    interfaces::CaInfo info;
    info.name = textOr(json, "CAName");
    info.version = textOr(json, "Version");
    info.suite = textOr(json, "Suite");
    ASSIGN_OR_RETURN(info.chainPem, decodedIn(json, "CAChain"));
    return info;
}

Result<CaIdentity> readIdentity(const CaJson& json) {
    if (!json.is_object()) return unexpectedAnswer("has an identity that is no object");
    CaIdentity identity;
    ASSIGN_OR_RETURN(identity.id, textIn(json, "id"));
    identity.type = textOr(json, "type");
    identity.affiliation = textOr(json, "affiliation");
    if (const auto most = json.find("max_enrollments");
        most != json.end() && most->is_number_integer())
        identity.maxEnrollments = most->get<std::int64_t>();
    const auto attributes = json.find("attrs");
    if (attributes == json.end() || attributes->is_null()) return identity;
    if (!attributes->is_array()) return unexpectedAnswer("has attributes that are no list");
    for (const CaJson& one : *attributes) {
        if (!one.is_object()) return unexpectedAnswer("has an attribute that is no object");
        ASSIGN_OR_RETURN(std::string name, textIn(one, "name"));
        const auto shown = one.find("ecert");
        identity.attributes.push_back(
            {std::move(name), textOr(one, "value"),
             shown != one.end() && shown->is_boolean() && shown->get<bool>()});
    }
    return identity;
}

Result<std::vector<CaIdentity>> readIdentities(const CaJson& list) {
    std::vector<CaIdentity> identities;
    if (list.is_null()) return identities;
    if (!list.is_array()) return unexpectedAnswer("has identities that are no list");
    for (const CaJson& one : list) {
        ASSIGN_OR_RETURN(auto identity, readIdentity(one));
        identities.push_back(std::move(identity));
    }
    return identities;
}

Result<interfaces::Affiliation> readAffiliation(const CaJson& json, int depth) {
    if (!json.is_object() || depth > kDeepest)
        return unexpectedAnswer("has an affiliation that is no object, or too deep");
    interfaces::Affiliation affiliation;
    affiliation.name = textOr(json, "name");
    if (const auto below = json.find("affiliations"); below != json.end() && !below->is_null()) {
        if (!below->is_array()) return unexpectedAnswer("has affiliations that are no list");
        for (const CaJson& one : *below) {
            ASSIGN_OR_RETURN(auto child, readAffiliation(one, depth + 1));
            affiliation.below.push_back(std::move(child));
        }
    }
    if (const auto members = json.find("identities"); members != json.end()) {
        ASSIGN_OR_RETURN(affiliation.identities, readIdentities(*members));
    }
    return affiliation;
}

CaJson writeAttributes(const std::vector<interfaces::CaAttribute>& attributes) {
    CaJson list = CaJson::array();
    for (const interfaces::CaAttribute& one : attributes) {
        CaJson json{{"name", one.name}, {"value", one.value}};
        if (one.inCertificate) json["ecert"] = true;
        list.push_back(std::move(json));
    }
    return list;
}

Status readCertificates(BytesView answer, const std::function<Status(BytesView)>& each) {
    CertificateReader reader(each);
    const bool whole = CaJson::sax_parse(answer, &reader);
    RETURN_IF_ERROR(reader.status);
    if (!whole || !reader.sawResult) return unexpectedAnswer("is no list of certificates");
    return absl::OkStatus();
}

}  // namespace chancery::client
