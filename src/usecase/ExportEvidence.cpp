#include "src/usecase/ExportEvidence.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/usecase/EvidenceCollector.h"
#include "src/usecase/EvidenceContent.h"
#include "src/usecase/EvidenceHtml.h"
#include "src/usecase/EvidencePack.h"
#include "src/usecase/NewFile.h"

namespace chancery::usecase {
namespace {

/// A folder that is made, filled, and gone again unless it is kept.
class PackFolder {
public:
    static Result<PackFolder> make(const std::filesystem::path& path) {
        std::error_code fault;
        const bool made = std::filesystem::create_directory(path, fault);
        if (!made)
            return makeError(fault ? StatusCode::kFailedPrecondition : StatusCode::kAlreadyExists,
                             "FILE_ERROR",
                             fmt::format("cannot make the folder {}: {}", path.string(),
                                         fault ? fault.message() : "it is there already"),
                             {{"path", path.string()},
                              {"errno", std::to_string(fault ? fault.value() : EEXIST)}});
        PackFolder folder(path);
        for (const char* part : {"", "blocks", "certificates", "signed"}) {
            if (*part != '\0') std::filesystem::create_directory(path / part, fault);
            if (!fault)
                std::filesystem::permissions(path / part, std::filesystem::perms::owner_all, fault);
            if (fault)
                return makeError(
                    StatusCode::kFailedPrecondition, "FILE_ERROR",
                    fmt::format("cannot make {}: {}", (path / part).string(), fault.message()),
                    {{"path", (path / part).string()}});
        }
        return folder;
    }
    PackFolder(PackFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, {})),
          m_sums(std::move(other.m_sums)),
          m_files(std::move(other.m_files)) {}
    PackFolder& operator=(PackFolder&&) = delete;
    ~PackFolder() {
        std::error_code ignored;
        if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
    }

    Status write(const std::string& name, BytesView content, bool sync = false) {
        ASSIGN_OR_RETURN(NewFile file, NewFile::create(m_path / name));
        RETURN_IF_ERROR(file.write(content));
        RETURN_IF_ERROR(file.finish(sync));
        m_sums[name] = crypto::sha256(content);
        m_files.push_back({name, content.size(), m_sums[name]});
        return absl::OkStatus();
    }

    const std::map<std::string, Bytes>& sums() const { return m_sums; }
    const std::vector<EvidenceFile>& files() const { return m_files; }
    const std::filesystem::path& path() const { return m_path; }
    void keep() { m_path.clear(); }

private:
    explicit PackFolder(std::filesystem::path path) : m_path(std::move(path)) {}

    std::filesystem::path m_path;
    std::map<std::string, Bytes> m_sums;
    std::vector<EvidenceFile> m_files;
};

std::string timeText(absl::Time time) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

Status writeExtraFiles(const ExportEvidenceRequest& request, const std::string& html,
                       PackFolder& folder) {
    if (!request.extraFiles) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto extra, request.extraFiles(html));
    for (const EvidenceExtraFile& file : extra) {
        const bool ours = file.name == kEvidenceFile || file.name == kEvidenceSums ||
                          file.name == kEvidenceReport;
        if (ours || !isEvidenceName(file.name) || file.name.find('/') != std::string::npos)
            return makeError(StatusCode::kInvalidArgument, "BAD_FILE_NAME",
                             fmt::format("'{}' cannot be a file of an evidence pack",
                                         printable(file.name, 200)));
        RETURN_IF_ERROR(folder.write(file.name, file.content));
    }
    return absl::OkStatus();
}

Json documentOf(const ExportEvidenceRequest& request, const EvidenceContent& content,
                const CollectedEvidence& collected, const PackFolder& folder) {
    Json document = {{"format", kEvidenceFormat},
                     {"made",
                      {{"by", bytesToJson(request.toolVersion)},
                       {"at", timeText(request.now)},
                       {"language", request.language == EvidenceLanguage::Chinese ? "zh" : "en"}}},
                     {"claims", claimsOf(content)},
                     {"ledger", Json::array()},
                     {"files", Json::object()}};
    for (const TransactionDescription& transaction : collected.ledger)
        document["ledger"].push_back(ledgerViewOf(transaction));
    for (const auto& [name, sum] : folder.sums()) document["files"][name] = toHex(sum);
    return document;
}

Result<ExportEvidenceResult> writePack(const ExportEvidenceRequest& request,
                                       const CollectedEvidence& collected) {
    ASSIGN_OR_RETURN(PackFolder folder, PackFolder::make(request.folder));
    for (const auto& [number, bytes] : collected.blocks)
        RETURN_IF_ERROR(folder.write(fmt::format("blocks/block_{}.pb", number), bytes));
    // From here on only what the pack itself says is told.
    ASSIGN_OR_RETURN(
        const EvidenceContent content,
        readEvidenceBlocks(request.folder / "blocks", collected.claimed, request.stop));
    if (content.transactions.size() != collected.ledger.size())
        return makeError(StatusCode::kInternal, "EVIDENCE_INCOMPLETE",
                         "not every transaction could be told from the blocks of the pack");
    for (const auto& [name, bytes] : content.files) RETURN_IF_ERROR(folder.write(name, bytes));
    const std::string html = evidenceHtml({.content = content,
                                           .ledger = collected.ledger,
                                           .language = request.language,
                                           .say = request.say,
                                           .madeBy = request.toolVersion,
                                           .madeAt = timeText(request.now)});
    RETURN_IF_ERROR(folder.write(std::string(kEvidenceReport), html));
    RETURN_IF_ERROR(writeExtraFiles(request, html, folder));
    RETURN_IF_ERROR(folder.write(std::string(kEvidenceFile),
                                 evidenceText(documentOf(request, content, collected, folder)),
                                 true));
    RETURN_IF_ERROR(folder.write(std::string(kEvidenceSums), sumsText(folder.sums()), true));
    ExportEvidenceResult result{.channel = content.channel,
                                .files = folder.files(),
                                .transactions = content.transactions.size(),
                                .blocks = collected.blocks.size(),
                                .proved = content.proved,
                                .notProved = content.notProved};
    for (const LedgerFinding& finding : content.findings)
        result.differences.push_back(finding.sentence);
    folder.keep();
    return result;
}

}  // namespace

Result<ExportEvidenceResult> ExportEvidence::run(const ExportEvidenceRequest& request) const {
    ASSIGN_OR_RETURN(const CollectedEvidence collected, collectEvidence(request));
    auto result = writePack(request, collected);
    if (!result.ok()) return writing(result.status());
    return result;
}

}  // namespace chancery::usecase
