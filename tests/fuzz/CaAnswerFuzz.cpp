#include <cstdint>
#include <string_view>

#include "src/client/CaAnswer.h"
#include "src/client/CaChain.h"

// What a CA answers, read as every kind of answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    using namespace chancery::client;
    const http::Response response{
        .status = 200, .headers = {}, .body = {reinterpret_cast<const char*>(data), size}};
    readCertificates(response.body, [](BytesView pem) -> Status {
        return identity::Certificate::fromPem(pem).status();
    }).IgnoreError();
    const auto result = resultOf(response);
    if (!result.ok()) return 0;
    if (const auto info = readInfo(*result); info.ok())
        CaChain::read(info->chainPem, {}).status().IgnoreError();
    readIdentity(*result).status().IgnoreError();
    if (result->contains("identities"))
        readIdentities((*result)["identities"]).status().IgnoreError();
    readAffiliation(*result).status().IgnoreError();
    decodedIn(*result, "Cert").status().IgnoreError();
    return 0;
}
