// An MSP from any configuration bytes (a FabricMSPConfig; the first byte chooses the MSP version),
// and identities and principals from any bytes against a fixed MSP.
#include <cstdint>
#include <cstdlib>

#include "fabric/msp/msp_config.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "src/identity/Issue.h"
#include "src/identity/Msp.h"

namespace {

using namespace chancery;
using namespace chancery::identity;

void require(bool condition) {
    if (!condition) std::abort();
}

struct Fixture {
    MspPtr msp;
    IdentityPtr member;
};

const Fixture& fixture() {
    static const Fixture made = [] {
        const absl::Time day = absl::FromUnixSeconds(1'795'348'800);
        const crypto::PrivateKey rootKey =
            *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
        const Certificate root =
            *issueSelfSigned(cryptogenCa({"", "", "", "", {}, "ca", ""}, day), rootKey);
        const crypto::PrivateKey key =
            *crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256);
        const Certificate member =
            *issueCertificate(cryptogenIdentity({"", "", "", "", {"client"}, "m", ""}, day),
                              key.publicKey(), root, rootKey);
        ::msp::FabricMSPConfig config;
        config.set_name("TestMSP");
        config.add_root_certs(root.toPem());
        config.add_admins(member.toPem());
        ::msp::MSPConfig wrapped;
        wrapped.set_config(config.SerializeAsString());
        MspPtr msp = *Msp::fromConfig(wrapped, MspVersion::V1_4_3);
        IdentityPtr identity =
            *msp->deserialize(serializeIdentity(MspId("TestMSP"), member.toPem()));
        return Fixture{std::move(msp), std::move(identity)};
    }();
    return made;
}

void checkMsp(const MspPtr& msp) {
    for (const Certificate& root : msp->rootCertificates()) {
        const auto identity = msp->deserialize(serializeIdentity(msp->mspId(), root.toPem()));
        // A CA is never a member.
        require(!identity.ok() || !msp->validate(**identity).ok());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Fixture& fixed = fixture();
    if (size == 0) return 0;
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    ::msp::MSPConfig config;
    config.set_config(bytes.data(), bytes.size());
    const auto msp = Msp::fromConfig(config, MspVersion(data[0] % 5));
    if (msp.ok())
        checkMsp(*msp);
    else
        require(!reasonOf(msp.status()).empty());

    if (const auto identity = fixed.msp->deserialize(bytes); identity.ok())
        static_cast<void>(fixed.msp->validate(**identity));
    static_cast<void>(checkWellFormed(bytes));
    ::common::MSPPrincipal principal;
    principal.set_principal_classification(::common::MSPPrincipal::Classification(data[0] % 6));
    principal.set_principal(bytes.data(), bytes.size());
    const Status status = fixed.msp->satisfies(*fixed.member, principal);
    require(status.ok() || !reasonOf(status).empty());
    return 0;
}
