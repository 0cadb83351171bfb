#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/EvidenceJson.h"
#include "src/usecase/LedgerDescription.h"
#include "src/usecase/VerifyEvidence.h"

namespace chancery::usecase {

/// Somebody's certificate in a pack.
struct EvidenceCertificate {
    std::string file;             ///< "certificates/cert-01.pem"
    std::set<std::string> roles;  ///< "creator", "endorser", "orderer", "ca"
    IdentityName name;
    std::string subject, issuer;  ///< as Certificate gives them
    absl::Time notBefore, notAfter;
    std::string keyAlgorithm;
    std::string issuerFile;  ///< empty for roots and where the issuer is not known
    Bytes pem;
};

/// A signature that can be checked with openssl.
struct EvidenceSignature {
    std::string what;         ///< "creator", "endorser", "orderer"
    std::string message;      ///< file with the signed bytes
    std::string signature;    ///< file
    std::string certificate;  ///< file; empty when it cannot be read
    /// Where the signed bytes stand in the block's file, when they stand there in one piece.
    std::optional<std::uint64_t> offset;
    std::uint64_t size = 0;
    bool good = false;
    Sentence why;  ///< when it is not
};

/// A block of a pack.
struct EvidenceBlock {
    BlockDescription description;
    std::string file;
    std::uint64_t configSequence = 0;  ///< of the configuration in force behind it
    bool linked = false;               ///< the block before it is in the pack and fits
    bool good = false;                 ///< form, data hash, orderers' signatures
    std::vector<ConfigChange> changes;
    std::vector<EvidenceSignature> signatures;  ///< of claimed blocks
};

/// A transaction as the pack alone tells it.
struct EvidenceDetails {
    TransactionDescription description;
    std::vector<EvidenceSignature> signatures;
    std::optional<BlockNumber> definedAt;  ///< definition of the called contract
    std::uint64_t definitionSequence = 0;
    std::string definitionVersion;
};

/// What the blocks of a pack say, without any claim; the same for who writes and who checks it.
struct EvidenceContent {
    std::string channel;
    Bytes genesisHash;
    std::vector<EvidenceBlock> blocks;
    std::vector<EvidenceTransaction> transactions;
    std::vector<EvidenceDetails> details;  ///< one for each of `transactions`
    std::vector<EvidenceCertificate> certificates;
    std::map<std::string, Bytes> files;  ///< that follow from the blocks: certificates/, signed/
    std::vector<std::string> proved, notProved;
    std::vector<LedgerFinding> findings;
    std::uint64_t configBlocks = 0;
    std::uint64_t ordererSignatures = 0, creatorSignatures = 0, endorsements = 0;
};

/// Goes through the blocks of a pack: the chain of configurations, orderers' signatures, and the
/// claimed transactions. Errors of reading the folder; CANCELLED (STOPPED).
Result<EvidenceContent> readEvidenceBlocks(const std::filesystem::path& blocks,
                                           const std::set<WrittenAt>& claimed,
                                           std::stop_token stop);

}  // namespace chancery::usecase
