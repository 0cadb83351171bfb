#include "src/usecase/VerifyEvidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/usecase/EvidenceContent.h"
#include "src/usecase/EvidencePack.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMostFindings = 1000;

std::string textAt(const Json& json, const char* name) {
    if (!json.is_object()) return {};
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& partOf(const Json& json, const char* name) {
    static const Json kNothing;
    if (!json.is_object()) return kNothing;
    const auto found = json.find(name);
    return found == json.end() ? kNothing : *found;
}

class Verifier {
public:
    Verifier(const std::filesystem::path& folder, std::stop_token stop)
        : m_folder(folder), m_stop(std::move(stop)) {}

    Result<EvidenceReport> run() {
        auto text = readFile(m_folder / kEvidenceFile, kMaxEvidenceFile);
        if (!text.ok())
            return makeError(StatusCode::kNotFound, "NO_EVIDENCE",
                             fmt::format("{} holds no readable {}: {}", m_folder.string(),
                                         kEvidenceFile, messageOf(text.status())),
                             {{"path", m_folder.string()}});
        m_document = Json::parse(*text, nullptr, false);
        if (m_document.is_discarded() || textAt(m_document, "format") != kEvidenceFormat)
            refuse(
                "EVIDENCE_UNREADABLE", std::string(kEvidenceFile),
                fmt::format("{} is no evidence of the form {}.", kEvidenceFile, kEvidenceFormat));
        const Json& made = partOf(m_document, "made");
        m_report.madeBy = textAt(made, "by");
        m_report.madeAt = textAt(made, "at");
        m_report.language = textAt(made, "language");
        RETURN_IF_ERROR(checkFiles(crypto::sha256(*text)));
        RETURN_IF_ERROR(checkClaims());
        return std::move(m_report);
    }

private:
    /// Sums of all files as they are; errors of single files are findings.
    Status checkFiles(const Bytes& documentSum) {
        ASSIGN_OR_RETURN(const EvidenceListing listing, listEvidence(m_folder));
        m_report.files = listing.files.size();
        for (const std::string& name : listing.strange)
            refuse("STRANGE_FILE", name, fmt::format("{} has no business in a pack.", name));
        for (const auto& [name, size] : listing.files) {
            if (m_stop.stop_requested())
                return makeError(StatusCode::kCancelled, "STOPPED", "stopped");
            if (name == kEvidenceFile) {
                m_sums[name] = documentSum;
                continue;
            }
            const auto bytes = readFile(m_folder / name, kMaxEvidenceFile);
            if (!bytes.ok())
                refuse("FILE_UNREADABLE", name, std::string(messageOf(bytes.status())));
            else if (name == kEvidenceSums)
                m_stated = readSums(*bytes);
            else
                m_sums[name] = crypto::sha256(*bytes);
        }
        if (!listing.files.contains(std::string(kEvidenceSums)))
            refuse("FILE_MISSING", std::string(kEvidenceSums),
                   fmt::format("{} is missing.", kEvidenceSums));
        else if (!m_stated)
            refuse("SUMS_UNREADABLE", std::string(kEvidenceSums),
                   fmt::format("{} is not of the form that belongs to it.", kEvidenceSums));
        compareManifest();
        compareSums();
        return absl::OkStatus();
    }

    /// evidence.json against the files.
    void compareManifest() {
        const Json& files = partOf(m_document, "files");
        std::set<std::string> listed;
        if (files.is_object())
            for (const auto& [name, sum] : files.items()) {
                listed.insert(name);
                const auto there = m_sums.find(name);
                if (there == m_sums.end())
                    refuse("FILE_MISSING", name,
                           fmt::format("{} is missing.", printable(name, 200)));
                else if (!sum.is_string() || sum.get<std::string>() != toHex(there->second))
                    refuse("FILE_CHANGED", name,
                           fmt::format("{} is not the file that {} was made with: its SHA-256 "
                                       "differs.",
                                       name, kEvidenceFile));
            }
        for (const auto& [name, sum] : m_sums)
            if (name != kEvidenceFile && !listed.contains(name))
                refuse("FILE_NOT_LISTED", name,
                       fmt::format("{} does not belong to the pack: {} does not list it.", name,
                                   kEvidenceFile));
    }

    /// SHA256SUMS against the files.
    void compareSums() {
        if (!m_stated) return;
        for (const auto& [name, sum] : m_sums) {
            const auto stated = m_stated->find(name);
            if (stated != m_stated->end() && stated->second == sum) continue;
            refuse("SUM_DIFFERS", std::string(kEvidenceSums),
                   fmt::format("{} does not state the SHA-256 that {} has.", kEvidenceSums, name));
        }
        for (const auto& [name, sum] : *m_stated)
            if (!m_sums.contains(name))
                refuse("SUM_DIFFERS", std::string(kEvidenceSums),
                       fmt::format("{} names {}, which is not there.", kEvidenceSums, name));
    }

    std::set<WrittenAt> claimed() {
        std::set<WrittenAt> places;
        const Json& transactions = partOf(partOf(m_document, "claims"), "transactions");
        if (!transactions.is_array()) return places;
        for (const Json& one : transactions) {
            const Json& block = partOf(one, "block");
            const Json& index = partOf(one, "index");
            if (block.is_number_unsigned() && index.is_number_unsigned())
                places.insert({block.get<std::uint64_t>(), index.get<std::uint64_t>()});
        }
        return places;
    }

    Status checkClaims() {
        auto content = readEvidenceBlocks(m_folder / "blocks", claimed(), m_stop);
        if (content.status().code() == StatusCode::kCancelled) return content.status();
        if (!content.ok()) {
            refuse("BLOCKS_UNREADABLE", "blocks",
                   fmt::format("The blocks cannot be read: {}", messageOf(content.status())));
            return absl::OkStatus();
        }
        for (LedgerFinding& finding : content->findings) add(std::move(finding));
        if (content->transactions.empty())
            refuse("NOTHING_CLAIMED", std::string(kEvidenceFile),
                   fmt::format("{} claims no transaction.", kEvidenceFile));
        // Compared as they are written, since both may hold what is no UTF-8.
        const auto computed = Json::parse(evidenceText(claimsOf(*content)), nullptr, false);
        if (const std::string at = firstDifference(partOf(m_document, "claims"), computed);
            !at.empty())
            refuse("CLAIM_DIFFERS", std::string(kEvidenceFile),
                   fmt::format("{} does not claim what the blocks of the pack say: the first "
                               "difference is at /claims{}.",
                               kEvidenceFile, at));
        for (const auto& [name, bytes] : content->files) {
            const auto there = m_sums.find(name);
            if (there == m_sums.end() || there->second != crypto::sha256(bytes))
                refuse("FILE_DIFFERS", name,
                       fmt::format("{} is not what follows from the blocks of the pack.", name));
        }
        for (const auto& [name, sum] : m_sums)
            if ((name.starts_with("certificates/") || name.starts_with("signed/")) &&
                !content->files.contains(name))
                refuse("FILE_DIFFERS", name,
                       fmt::format("{} does not follow from the blocks of the pack.", name));
        take(*content);
        return absl::OkStatus();
    }

    void take(EvidenceContent& content) {
        m_report.channel = content.channel;
        m_report.genesisHash = content.genesisHash;
        m_report.blocks = content.blocks.size();
        m_report.configBlocks = content.configBlocks;
        m_report.ordererSignatures = content.ordererSignatures;
        m_report.creatorSignatures = content.creatorSignatures;
        m_report.endorsements = content.endorsements;
        m_report.transactions = std::move(content.transactions);
        m_report.proved = std::move(content.proved);
        m_report.notProved = std::move(content.notProved);
        m_report.notProved.push_back(
            "What report.html and further files say in words: only their hashes are checked. What "
            "counts are evidence.json and the blocks.");
    }

    void refuse(std::string reason, const std::string& file, std::string sentence) {
        add({.reason = std::move(reason),
             .sentence = std::move(sentence),
             .arguments = {{"file", printable(file, 200)}},
             .file = file});
    }
    void add(LedgerFinding finding) {
        if (m_report.findings.size() < kMostFindings)
            m_report.findings.push_back(std::move(finding));
    }

    const std::filesystem::path& m_folder;
    std::stop_token m_stop;
    Json m_document;
    std::map<std::string, Bytes> m_sums;  ///< as they are; without SHA256SUMS
    std::optional<std::map<std::string, Bytes>> m_stated;
    EvidenceReport m_report;
};

}  // namespace

std::size_t EvidenceReport::count(LedgerFinding::Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const LedgerFinding& one) { return one.severity == severity; }));
}

bool isEvidenceFolder(const std::filesystem::path& path) {
    std::error_code fault;
    return std::filesystem::is_regular_file(path / kEvidenceFile, fault);
}

Result<EvidenceReport> VerifyEvidence::run(const std::filesystem::path& folder,
                                           std::stop_token stop) const {
    return Verifier(folder, std::move(stop)).run();
}

}  // namespace chancery::usecase
