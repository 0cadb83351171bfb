#include "node/ca/CaService.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "node/ca/CaCall.h"
#include "node/ca/Refusal.h"
#include "src/base/Encoding.h"
#include "src/base/Log.h"

namespace chancery::node {
namespace {

constexpr std::string_view kPrefix = "/api/v1/";

enum class Authentication { None, Basic, Token };

/// A kind of request.
struct Endpoint {
    std::string_view name;
    bool hasItem;
    std::vector<std::string_view> methods;
    Authentication authentication;
    CaResult (*answer)(CaCall&);
    bool created;  ///< POST is answered with 201
};

const std::vector<Endpoint>& endpoints() {
    using enum Authentication;
    static const std::vector<Endpoint> all = {
        {"cainfo", false, {"GET", "POST", "HEAD"}, None, answerCaInfo, false},
        {"enroll", false, {"POST"}, Basic, answerEnroll, true},
        {"reenroll", false, {"POST"}, Token, answerReenroll, true},
        {"register", false, {"POST"}, Token, answerRegister, true},
        {"revoke", false, {"POST"}, Token, answerRevoke, false},
        {"gencrl", false, {"POST"}, Token, answerGenCrl, false},
        {"certificates", false, {"GET"}, Token, answerCertificates, false},
        {"identities", false, {"GET", "POST"}, Token, answerIdentities, true},
        {"identities", true, {"GET", "PUT", "DELETE"}, Token, answerIdentity, false},
        {"affiliations", false, {"GET", "POST"}, Token, answerAffiliations, true},
        {"affiliations", true, {"GET", "PUT", "DELETE"}, Token, answerAffiliation, false},
    };
    return all;
}

/// What stands behind "/api/v1/" or "/".
std::string_view withoutPrefix(std::string_view path) {
    if (path.starts_with(kPrefix)) return path.substr(kPrefix.size());
    return path.starts_with('/') ? path.substr(1) : path;
}

const Endpoint* endpointOf(std::string_view path, std::string& item) {
    const std::size_t slash = path.find('/');
    const bool hasItem = slash != std::string_view::npos && slash + 1 < path.size();
    if (slash != std::string_view::npos && !hasItem) return nullptr;
    item = hasItem ? std::string(path.substr(slash + 1)) : std::string();
    for (const Endpoint& one : endpoints())
        if (one.name == path.substr(0, slash) && one.hasItem == hasItem) return &one;
    return nullptr;
}

http::Response envelope(int httpStatus, CaAnswer answer, const Refusal* refusal) {
    CaJson errors = CaJson::array();
    if (refusal != nullptr)
        errors.push_back({{"code", refusal->code}, {"message", refusal->message}});
    http::Response response;
    response.status = httpStatus;
    response.headers["Content-Type"] = "application/json";
    response.body = R"({"result":)";
    response.body += answer.result;
    // Said last, so that half an answer is no success.
    std::string end = fmt::format(R"(,"errors":{},"messages":[],"success":{}}})", textOf(errors),
                                  refusal == nullptr);
    if (answer.rest)
        response.rest = [rest = std::move(answer.rest), end = std::move(end)](
                            const http::Sink& sink) { return rest(sink) && sink(end); };
    else
        response.body += end;
    return response;
}

}  // namespace

std::string textOf(const CaJson& json) {
    return json.dump(-1, ' ', false, CaJson::error_handler_t::replace);
}

struct CaService::Impl {
    std::vector<CertificateAuthority*> cas;
    std::string version;
    Counter count;
    Histogram duration;

    Result<CertificateAuthority*> caNamed(const std::string& name) const {
        if (name.empty()) return cas.front();
        for (CertificateAuthority* ca : cas)
            if (ca->name() == name) return ca;
        return refuse(404, CaError::CaNotFound,
                      fmt::format("CA '{}' does not exist", printable(name, 128)));
    }

    /// What came of it; `who` and `caName` are filled in as they become known.
    CaResult handle(const http::Request& request, const Endpoint& endpoint, std::string item,
                    std::string& who, std::string& caName) const {
        const auto& methods = endpoint.methods;
        if (std::find(methods.begin(), methods.end(), request.method) == methods.end())
            return refuse(405, CaError::MethodNotAllowed,
                          fmt::format("Method {} is not allowed", printable(request.method, 32)));
        ASSIGN_OR_RETURN(RequestBody body, RequestBody::parse(request.body));
        const auto named = request.query.find("ca");
        std::string wanted = named == request.query.end() ? std::string() : named->second;
        if (wanted.empty()) wanted = body.text("caname");
        RETURN_IF_ERROR(body.finish());
        ASSIGN_OR_RETURN(CertificateAuthority * ca, caNamed(wanted));
        caName = ca->name();
        CaCall call{.request = request,
                    .ca = *ca,
                    .body = body,
                    .item = std::move(item),
                    .version = version};
        if (endpoint.authentication == Authentication::None) return endpoint.answer(call);

        const std::string header = request.header("authorization");
        if (header.empty()) return refuse(401, CaError::NoAuthorization, "No authorization header");
        if (endpoint.authentication == Authentication::Basic) {
            ASSIGN_OR_RETURN(const Credentials credentials, parseBasic(header));
            who = credentials.id;
            call.credentials = &credentials;
            return endpoint.answer(call);
        }
        ASSIGN_OR_RETURN(const Token token, parseToken(header));
        RETURN_IF_ERROR(verifyToken(token, request.method, request.target, request.body));
        who = token.certificate.commonName();
        const bool ignoreExpiry =
            endpoint.name == "reenroll" && ca->options().reenrollIgnoresExpiry;
        ASSIGN_OR_RETURN(const Caller caller, ca->authenticate(token, ignoreExpiry));
        call.caller = &caller;
        return endpoint.answer(call);
    }
};

CaService::CaService(std::vector<CertificateAuthority*> cas, std::string version, Metrics& metrics)
    : m_impl(std::make_unique<Impl>(
          Impl{std::move(cas), std::move(version),
               metrics.counter("api_request_count", "Number of requests made to an API",
                               {"ca_name", "api_name", "status_code"}),
               metrics.histogram("api_request_duration",
                                 "Time taken in seconds for the request to an API to be completed",
                                 {"ca_name", "api_name", "status_code"})})) {}
CaService::~CaService() = default;

http::Response CaService::answer(const http::Request& request) {
    const auto begun = std::chrono::steady_clock::now();
    std::string item;
    const Endpoint* endpoint = endpointOf(withoutPrefix(request.path), item);
    if (endpoint == nullptr)
        return {.status = 404,
                .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
                .body = "404 page not found\n"};
    std::string who;
    std::string caName;
    CaResult result = m_impl->handle(request, *endpoint, std::move(item), who, caName);
    http::Response response;
    if (result.ok()) {
        response = envelope(endpoint->created && request.method == "POST" ? 201 : 200,
                            *std::move(result), nullptr);
    } else {
        const Refusal refusal = refusalOf(result.status());
        log::warning(kCaRoom,
                     fmt::format("{} {} refused to '{}': {} ({})", request.method, request.path,
                                 who, messageOf(result.status()), reasonOf(result.status())));
        response = envelope(refusal.httpStatus, std::string(R"("")"), &refusal);
    }
    const std::string code = std::to_string(response.status);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    m_impl->count.add(1, {caName, endpoint->name, code});
    m_impl->duration.observe(took.count(), {caName, endpoint->name, code});
    return response;
}

std::string CaCall::query(const std::string& name) const {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

Result<bool> CaCall::flag(const std::string& name) const {
    std::string text = query(name);
    if (text.empty()) return false;
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (const auto value = readBoolean(text)) return *value;
    return refuse(400, CaError::RemoveAffiliation,
                  fmt::format("Failed to correctly parse value of '{}' query parameter", name));
}

}  // namespace chancery::node
