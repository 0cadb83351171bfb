#include "node/ca/ParentCa.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/crypto/Pem.h"
#include "src/http/Client.h"
#include "src/identity/Issue.h"

namespace chancery::node {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds kPatience{30};

Status badAnswer(std::string_view what) {
    return makeError(StatusCode::kDataLoss, "BAD_PARENT_ANSWER",
                     fmt::format("the parent CA's answer {}", what));
}

Status refused(const Json& answer, int httpStatus) {
    std::string said = fmt::format("HTTP {}", httpStatus);
    const Json::json_pointer place("/errors/0/message");
    if (answer.is_object() && answer.contains(place) && answer[place].is_string())
        said = answer[place].get<std::string>();
    return makeError(StatusCode::kPermissionDenied, "PARENT_REFUSED",
                     fmt::format("the parent CA refuses: {}", printable(said, 512)));
}

/// A text in base64 out of the answer.
Result<Bytes> decoded(const Json& answer, const char* pointer) {
    const Json::json_pointer place(pointer);
    if (!answer.is_object() || !answer.contains(place) || !answer[place].is_string())
        return badAnswer(fmt::format("has no {}", pointer));
    auto text = fromBase64(answer[place].get<std::string>());
    if (!text.ok()) return badAnswer(fmt::format("has no base64 in {}", pointer));
    return text;
}

/// From ours to the root, whatever the order in which the parent gives its own.
Result<std::string> chainFrom(const identity::Certificate& own, const Bytes& parentChain) {
    std::vector<identity::Certificate> known;
    for (const auto& block : crypto::readAllPem(parentChain, 16)) {
        ASSIGN_OR_RETURN(auto certificate, identity::Certificate::fromDer(block.der));
        known.push_back(std::move(certificate));
    }
    std::string chain = own.toPem();
    identity::Certificate last = own;
    for (std::size_t i = 0; i <= known.size() && last.rawIssuer() != last.rawSubject(); ++i) {
        const auto parent = std::find_if(known.begin(), known.end(), [&](const auto& one) {
            return one.rawSubject() == last.rawIssuer();
        });
        if (parent == known.end()) return badAnswer("has no chain to a root");
        last = *parent;
        chain += last.toPem();
    }
    return chain;
}

}  // namespace

Result<CaKeys> enrolAtParent(const CaOptions& options, crypto::SignerPtr key) {
    const ParentOptions& parent = *options.parent;
    identity::SubjectName subject = options.subject;
    subject.commonName = parent.id;
    ASSIGN_OR_RETURN(const auto request, identity::makeCertificateRequest(subject, {}, *key));
    ASSIGN_OR_RETURN(const auto client,
                     http::Client::make(parent.host, parent.port, {.rootsPem = parent.rootsPem}));
    Json body{{"certificate_request", request.toPem()}, {"profile", "ca"}};
    if (!parent.caName.empty()) body["caname"] = parent.caName;
    const http::Call call{
        .method = "POST",
        .path = "/api/v1/enroll",
        .headers = {{"Content-Type", "application/json"},
                    {"Authorization", "Basic " + toBase64(parent.id + ":" + parent.secret)}},
        .body = body.dump(-1, ' ', true, Json::error_handler_t::replace)};
    ASSIGN_OR_RETURN(const auto response, client->send(call, deadlineIn(kPatience)));
    const Json answer = Json::parse(response.body, nullptr, false);
    if (response.status != 201 && response.status != 200) return refused(answer, response.status);
    ASSIGN_OR_RETURN(const Bytes pem, decoded(answer, "/result/Cert"));
    ASSIGN_OR_RETURN(const Bytes parentChain, decoded(answer, "/result/ServerInfo/CAChain"));
    auto certificate = identity::Certificate::fromPem(pem);
    if (!certificate.ok()) return badAnswer("has no certificate");
    if (!(certificate->publicKey() == key->publicKey()))
        return badAnswer("has a certificate for another key");
    ASSIGN_OR_RETURN(std::string chain, chainFrom(*certificate, parentChain));
    return CaKeys{std::move(key), *std::move(certificate), std::move(chain)};
}

}  // namespace chancery::node
