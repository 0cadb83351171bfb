#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Bytes.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"

namespace chancery::usecase {

/// What an organisation gives to others so that they can admit it: its MSP definition with the
/// roots of its TLS and its revocation lists, in one file. Nothing of it is secret.
struct MspBundle {
    MspId mspId;
    std::string name;    ///< of the organisation, for people
    Bytes bytes;         ///< the file; the same content gives the same bytes
    Bytes config;        ///< msp.MSPConfig, without a signing identity
    std::string digest;  ///< SHA-256 of the file, hex
    std::string words;   ///< the same to be read out
    struct Part {
        std::string what;  ///< "root", "intermediate", "tls_root", "tls_intermediate", "admin",
                           ///< "crl"
        std::string name;  ///< common name; of a list its issuer
        std::string fingerprint;
        absl::Time until;  ///< of a list without nextUpdate InfiniteFuture
    };
    std::vector<Part> parts;
};

/// Of an organisation's MSP folder; keys and the signing identity in it stay there.
class ExportMspBundle {
public:
    /// Errors of identity::readMspFolder and Msp::fromConfig: what a node would not take is not
    /// given away either. PERMISSION_DENIED (PRIVATE_KEY_INSIDE).
    Result<MspBundle> run(const std::filesystem::path& mspFolder, const MspId& mspId,
                          const std::string& name) const;
};

/// Reads a file that somebody sent.
class ReadMspBundle {
public:
    /// INVALID_ARGUMENT: NOT_A_BUNDLE, UNSUPPORTED_BUNDLE (of a later version), NOT_CANONICAL (not
    /// the bytes that this content has, so that words would not be comparable), WRONG_MSP;
    /// PERMISSION_DENIED (PRIVATE_KEY_INSIDE); those of Msp::fromConfig; of readFile.
    Result<MspBundle> run(const std::filesystem::path& file) const;
    /// The same for bytes at hand.
    Result<MspBundle> ofBytes(BytesView bytes) const;
};

/// Makes a verifying MSP folder of a bundle that somebody has compared.
class ImportMspBundle {
public:
    /// Nothing is written unless `words` are those of the bundle. PERMISSION_DENIED
    /// (FINGERPRINT_DIFFERS); ALREADY_EXISTS; FILE_ERROR.
    Status run(const MspBundle& bundle, const std::string& words,
               const std::filesystem::path& folder) const;
};

}  // namespace chancery::usecase
