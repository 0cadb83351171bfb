// Certificates, requests and revocation lists from any bytes: a value that survives a round trip,
// or a typed error.
#include <cstdint>
#include <cstdlib>

#include "src/base/Bytes.h"
#include "src/identity/Crl.h"
#include "src/identity/Issue.h"

namespace {

using namespace chancery;

void require(bool condition) {
    if (!condition) std::abort();
}

template <class T>
void check(const Result<T>& value, const Result<T>& again) {
    if (!value.ok()) {
        require(!reasonOf(value.status()).empty());
        return;
    }
    require(again.ok() && again->der() == value->der());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery::identity;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    for (const auto& certificate : {Certificate::fromDer(bytes), Certificate::fromPem(bytes)}) {
        if (certificate.ok()) {
            check(certificate, Certificate::fromPem(certificate->toPem()));
            require(certificate->fingerprint().size() == 64 && !certificate->serialHex().empty());
            static_cast<void>(certificate->hosts().size() + certificate->subject().size() +
                              certificate->attributes().size());
        } else {
            require(!reasonOf(certificate.status()).empty());
        }
    }
    for (const auto& request :
         {CertificateRequest::fromDer(bytes), CertificateRequest::fromPem(bytes)})
        if (request.ok()) {
            check(request, CertificateRequest::fromPem(request->toPem()));
            static_cast<void>(request->checkSignature());
        }
    if (const auto list = RevocationList::fromBytes(bytes); list.ok()) {
        check(list, RevocationList::fromBytes(list->toPem()));
        for (const auto& entry : list->entries()) require(list->lists(entry.serial));
    }
    return 0;
}
