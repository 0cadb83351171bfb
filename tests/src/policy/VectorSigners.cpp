#include "tests/src/policy/VectorSigners.h"

#include <map>
#include <stdexcept>

#include "src/base/Encoding.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

namespace chancery::test {

namespace {

template <class T>
T valueOf(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(textOf(result));
    return *std::move(result);
}

// Signatures cost more than anything else here, so each is made once.
const Bytes& signatureOf(const std::string& ref, const Bytes& message) {
    static std::map<std::pair<std::string, Bytes>, Bytes> known;
    auto [found, isNew] = known.try_emplace({ref, message});
    if (isNew)
        found->second = valueOf(vectorSigner(ref).key.sign(message, crypto::HashAlgorithm::Sha256));
    return found->second;
}

}  // namespace

const std::shared_ptr<const identity::MspSet>& vectorMsps() {
    static const auto msps = [] {
        std::vector<identity::MspPtr> list;
        for (const auto& [name, row] : facts()["msp"]["organisations"].items())
            list.push_back(valueOf(
                identity::Msp::fromFolder(vectorPath("msp/" + row["dir"].get<std::string>()),
                                          MspId(name), identity::MspVersion::V1_4_3)));
        return std::make_shared<const identity::MspSet>(std::move(list));
    }();
    return msps;
}

const std::vector<VectorSigner>& vectorSigners() {
    static const auto signers = [] {
        std::vector<VectorSigner> list;
        for (const auto& row : facts()["policies"]["identities"]) {
            const MspId mspId(row["mspid"]);
            const std::string ref = row["ref"];
            if (row["cert"].get<std::string>().find(ref) == std::string::npos)
                throw std::runtime_error(ref + " is not the name of its certificate");
            list.push_back({row["ref"], mspId,
                            identity::serializeIdentity(
                                mspId, vectorFile("msp/" + row["cert"].get<std::string>())),
                            valueOf(crypto::PrivateKey::fromPem(
                                vectorFile("msp/" + row["key"].get<std::string>())))});
        }
        return list;
    }();
    return signers;
}

const VectorSigner& vectorSigner(const std::string& ref) {
    for (const auto& signer : vectorSigners())
        if (signer.ref == ref) return signer;
    throw std::runtime_error("no identity " + ref);
}

SignatureSet::SignatureSet(const std::vector<std::string>& refs)
    : m_message(valueOf(fromHex(facts()["policies"]["message_hex"].get<std::string>()))) {
    m_signatures.reserve(refs.size());
    for (const auto& ref : refs) {
        const bool isBroken = ref.starts_with('!');
        const VectorSigner& signer = vectorSigner(isBroken ? ref.substr(1) : ref);
        m_signatures.push_back(signatureOf(signer.ref, isBroken ? m_message + "!" : m_message));
        m_signedData.push_back({m_message, signer.serialized, m_signatures.back()});
    }
}

}  // namespace chancery::test
