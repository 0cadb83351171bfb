#include "tests/src/identity/FactsMsps.h"

#include <stdexcept>

#include "tests/support/Vectors.h"

namespace chancery::test {

const identity::MspSet& factsMsps() {
    static const identity::MspSet set = [] {
        std::vector<identity::MspPtr> msps;
        for (const auto& [name, facts] : facts()["msp"]["organisations"].items()) {
            auto msp =
                identity::Msp::fromFolder(vectorPath("msp/" + facts["dir"].get<std::string>()),
                                          MspId(name), identity::MspVersion::V1_4_3);
            if (!msp.ok()) throw std::runtime_error(msp.status().ToString());
            msps.push_back(*std::move(msp));
        }
        return identity::MspSet(std::move(msps));
    }();
    return set;
}

std::string reasonOfFabricError(const std::string& text) {
    static const std::pair<const char*, const char*> kReasons[] = {
        {"certificate signed by unknown authority", "UNKNOWN_CA"},
        {" is after ", "CERTIFICATE_EXPIRED"},
        {" is before ", "NOT_YET_VALID"},
        {"incompatible key usage", "WRONG_KEY_USAGE"},
        {"could not decode the PEM structure", "NOT_PEM"},
        {"public key type not recognized", "UNSUPPORTED_KEY"},
        {"unhandled critical extension", "UNKNOWN_CRITICAL_EXTENSION"},
        {"is not defined on channel", "UNKNOWN_MSP"},
        {"has been revoked", "REVOKED"},
        {"Certificate Authority equals true", "CERTIFICATE_IS_CA"},
        {"does not have an OU that resolves", "NO_ROLE_OU"},
        {"not a combination of them", "SEVERAL_ROLE_OUS"},
        {"Parent certificate should be a leaf", "ISSUER_HAS_CA_BELOW"},
        {"could not obtain Authority Key Identifier for crl", "CRL_WITHOUT_AUTHORITY_KEY_ID"},
        {"could not parse RevocationList", "BAD_CRL"},
        {"administrators must be declared", "NO_ADMINS"},
        {"could not load a valid ca certificate", "NO_ROOT_CA"},
        {"Failed adding OU. Certificate", "UNKNOWN_OU_CERTIFIER"},
        {"admin 0 is invalid", "BAD_ADMIN"},
        {"failed to traverse certificate verification chain", "BAD_CHAIN"},
        {"subjectKeyIdentifier not found", "CA_WITHOUT_SUBJECT_KEY_ID"},
        {"Invalid S. Must be smaller than half the order", "HIGH_S"},
    };
    for (const auto& [part, reason] : kReasons)
        if (text.find(part) != std::string::npos) return reason;
    throw std::runtime_error("no reason is known for: " + text);
}

std::string textOrEmpty(const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace chancery::test
