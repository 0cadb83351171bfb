// What strangers send to a CA: the first byte chooses a header with a token, one with a secret, the
// body of an enrolment or a time in a search.
#include <cstdint>
#include <cstdlib>

#include "node/ca/Refusal.h"
#include "node/ca/RequestBody.h"
#include "node/ca/TimeFilter.h"
#include "node/ca/Token.h"
#include "src/identity/Issue.h"

namespace {

using namespace chancery;
using namespace chancery::node;

void require(bool condition) {
    if (!condition) std::abort();
}

/// Clients are told in numbers why not.
void requireRefusal(const Status& status) {
    const Refusal refusal = refusalOf(status);
    require(refusal.httpStatus >= 400 && refusal.httpStatus < 500 && !refusal.message.empty());
}

void readToken(BytesView bytes) {
    const auto token = parseToken(bytes);
    if (!token.ok()) return requireRefusal(token.status());
    // Whoever wrote the input could not sign this.
    requireRefusal(verifyToken(*token, "POST", "/api/v1/reenroll", "{\"of\":\"this run\"}"));
}

void readSecret(BytesView bytes) {
    const auto credentials = parseBasic(bytes);
    if (!credentials.ok()) return requireRefusal(credentials.status());
    require(credentials->id.find(':') == std::string::npos);
}

void readBody(BytesView bytes) {
    auto body = RequestBody::parse(bytes);
    if (!body.ok()) return requireRefusal(body.status());
    const std::string pem = body->pem("certificate_request");
    body->text("profile");
    body->texts("hosts");
    body->time("NotBefore");
    body->integer("max_enrollments");
    body->flag("gencrl");
    const auto attributes = body->attributes("attrs");
    body->attributeRequests("attr_reqs");
    if (!body->finish().ok()) return requireRefusal(body->finish());
    require(!attributes || attributes->size() <= RequestBody::kMostAttributes);
    const auto request = identity::CertificateRequest::fromPem(pem);
    if (request.ok()) request->checkSignature().IgnoreError();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            readToken(bytes);
            break;
        case 1:
            readSecret(bytes);
            break;
        case 2:
            readBody(bytes);
            break;
        default:
            if (const auto time = readFilterTime("x", bytes, absl::UnixEpoch()); !time.ok())
                requireRefusal(time.status());
    }
    return 0;
}
