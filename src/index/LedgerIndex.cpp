#include "src/index/LedgerIndex.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/index/BlockLog.h"
#include "src/index/FileList.h"
#include "src/index/Record.h"
#include "src/index/Schema.h"
#include "src/index/Sync.h"

namespace chancery::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSnapshotFile = "_snapshot_signable_metadata.json";
constexpr auto kTellInterval = std::chrono::milliseconds(50);
constexpr int kCheckpointPages = 8'000;  // of the write-ahead log, 32 MiB
constexpr std::size_t kMaxFindings = 1000;

constexpr std::string_view kForget = R"sql(
DELETE FROM facts; DELETE FROM files; DELETE FROM blocks; DELETE FROM transactions;
DELETE FROM earlier_ids; DELETE FROM identities; DELETE FROM names; DELETE FROM endorser_sets;
DELETE FROM spaces; DELETE FROM keys; DELETE FROM versions; DELETE FROM touches;
DELETE FROM metadata; DELETE FROM earlier_values; DELETE FROM expiry; DELETE FROM configs;
DELETE FROM causes; DELETE FROM findings; INSERT INTO words(words) VALUES('delete-all');
)sql";

/// The same files give the same name, whichever way they are written.
std::string fileNameOf(const LedgerIndexOptions& options) {
    Bytes all;
    const auto add = [&](char kind, const fs::path& path) {
        std::error_code ignored;
        all.append(1, kind).append(fs::weakly_canonical(path, ignored).string()).append(1, '\0');
    };
    for (const fs::path& path : options.paths) add('p', path);
    if (options.snapshot) add('s', *options.snapshot);
    if (options.anchor) add('a', *options.anchor);
    return toHex(crypto::sha256(all)).substr(0, 32) + ".index";
}

void removeFiles(const fs::path& path) {
    for (const std::string_view suffix : {"", "-wal", "-shm"}) {
        std::error_code ignored;
        fs::remove(path.string() + std::string(suffix), ignored);
    }
}

Result<store::Connection> openFile(const fs::path& path) {
    ASSIGN_OR_RETURN(auto connection,
                     store::Connection::open(path, {.mode = store::OpenMode::Create,
                                                    .quickCheck = false,
                                                    .checkpointPages = kCheckpointPages}));
    RETURN_IF_ERROR(store::migrate(connection, schema()));
    // All of it can be made again, so a power cut may take the last commits; nothing in it is
    // secret beyond what the blocks beside it hold.
    RETURN_IF_ERROR(connection.execute(
        "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF; PRAGMA cache_size = -49152"));
    return connection;
}

bool isDamage(const Status& status) {
    return status.code() == StatusCode::kDataLoss ||
           status.code() == StatusCode::kFailedPrecondition;
}

Result<store::Connection> openOrReplace(const fs::path& path) {
    auto connection = openFile(path);
    if (connection.ok() || !isDamage(connection.status())) return connection;
    removeFiles(path);
    return openFile(path);
}

Result<std::vector<verify::Finding>> loadFindings(store::Connection& connection) {
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("SELECT finding FROM findings ORDER BY id"));
    std::vector<verify::Finding> findings;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        if (auto finding = decodeFinding(row.blob(0))) findings.push_back(*std::move(finding));
    }));
    return findings;
}

Result<std::vector<ListedFile>> loadFiles(store::Connection& connection) {
    ASSIGN_OR_RETURN(auto statement, connection.prepare("SELECT path, size, changed, head FROM "
                                                        "files ORDER BY position"));
    std::vector<ListedFile> files;
    RETURN_IF_ERROR(statement.each([&](store::Row& row) {
        files.push_back(
            {std::string(row.blob(0)), row.unsignedInteger(1), row.integer(2), Bytes(row.blob(3))});
    }));
    return files;
}

Status saveFiles(store::Connection& connection, const std::vector<ListedFile>& files) {
    RETURN_IF_ERROR(connection.execute("DELETE FROM files"));
    ASSIGN_OR_RETURN(auto statement,
                     connection.prepare("INSERT INTO files(position, path, size, changed, head) "
                                        "VALUES(?, ?, ?, ?, ?)"));
    for (std::size_t i = 0; i < files.size(); ++i) {
        statement.bind(i, store::Blob(files[i].path.string()), files[i].size, files[i].changed,
                       store::Blob(files[i].head));
        RETURN_IF_ERROR(statement.run());
    }
    return {};
}

}  // namespace

struct LedgerIndex::Impl {
    explicit Impl(LedgerIndexOptions asked, fs::path path, store::Connection opened)
        : options(std::move(asked)),
          shared(std::make_shared<Shared>(std::move(path))),
          connection(std::move(opened)) {}

    Status load();
    Status run(std::stop_token stop);
    Status follow(BlockFeed& feed, std::stop_token stop);
    Status trimLog();
    Sync::Options syncing(std::vector<ListedFile> files, std::stop_token stop);
    Status forget();
    Status checkFile();
    Result<std::vector<ListedFile>> prepareFiles();
    Status checkNewest(const Checkpoint& checkpoint);

    void update(const std::function<void(IndexStatus&)>& change, bool atOnce);

    LedgerIndexOptions options;
    std::shared_ptr<Shared> shared;

    std::mutex working;  // held by whoever writes
    store::Connection connection;
    bool checked = false;  // the file was looked through since it was opened

    mutable std::mutex mutex;  // of what follows
    IndexStatus status;
    std::function<void()> changed;
    std::chrono::steady_clock::time_point told;
};

void LedgerIndex::Impl::update(const std::function<void(IndexStatus&)>& change, bool atOnce) {
    std::function<void()> tell;
    {
        const std::lock_guard lock(mutex);
        change(status);
        ++status.revision;
        const auto now = std::chrono::steady_clock::now();
        if (atOnce || now - told >= kTellInterval) {
            told = now;
            tell = changed;
        }
    }
    if (tell) tell();
}

Status LedgerIndex::Impl::load() {
    ASSIGN_OR_RETURN(const Checkpoint checkpoint, loadCheckpoint(connection));
    ASSIGN_OR_RETURN(auto findings, loadFindings(connection));
    const std::lock_guard lock(mutex);
    status.checkpoint = checkpoint;
    status.findings = std::move(findings);
    return {};
}

Status LedgerIndex::Impl::forget() {
    // Before, too: a view that is opened meanwhile must share nothing with those behind.
    shared->renew();
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(connection));
    RETURN_IF_ERROR(connection.execute(kForget));
    RETURN_IF_ERROR(transaction.commit());
    shared->renew();
    return load();
}

/// Walks the whole file once; a damaged one is replaced.
Status LedgerIndex::Impl::checkFile() {
    if (checked) return {};
    Status found = connection.quickCheck();
    if (found.ok()) found = load();
    if (!found.ok()) {
        if (!isDamage(found)) return found;
        removeFiles(shared->path());
        ASSIGN_OR_RETURN(connection, openFile(shared->path()));
        shared->renew();
        RETURN_IF_ERROR(load());
    }
    checked = true;
    return {};
}

/// Whether the newest block is where it was: a file may grow, but not become another one.
Status LedgerIndex::Impl::checkNewest(const Checkpoint& checkpoint) {
    if (!checkpoint.last) return {};
    return shared->blocks().read(connection, *checkpoint.last).status();
}

/// Lists the ledger's files; forgets everything when they are not those that the index was made of.
Result<std::vector<ListedFile>> LedgerIndex::Impl::prepareFiles() {
    std::vector<ListedFile> files;
    std::error_code ignored;
    const bool snapshotAlone = !options.snapshot && options.paths.size() == 1 &&
                               fs::exists(options.paths.front() / kSnapshotFile, ignored);
    if (snapshotAlone) {
        options.snapshot = options.paths.front();
        options.paths.clear();
    }
    if (!options.paths.empty()) {
        ASSIGN_OR_RETURN(files, listFiles(options.paths));
    }
    // What stands before the blocks must stay as it is: listed first, it cannot have grown.
    std::vector<ListedFile> all;
    for (const auto& given :
         {options.snapshot ? std::optional(*options.snapshot / kSnapshotFile) : std::nullopt,
          options.anchor}) {
        if (!given) continue;
        ASSIGN_OR_RETURN(auto listed, listFiles({*given}));
        std::move(listed.begin(), listed.end(), std::back_inserter(all));
    }
    all.insert(all.end(), files.begin(), files.end());
    ASSIGN_OR_RETURN(const auto before, loadFiles(connection));
    ASSIGN_OR_RETURN(const Checkpoint checkpoint, loadCheckpoint(connection));
    shared->blocks().forget();
    if (!goOn(before, all) || !checkNewest(checkpoint).ok()) RETURN_IF_ERROR(forget());
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(connection));
    RETURN_IF_ERROR(saveFiles(connection, all));
    RETURN_IF_ERROR(transaction.commit());
    return files;
}

Status LedgerIndex::Impl::run(std::stop_token stop) {
    RETURN_IF_ERROR(checkFile());
    ASSIGN_OR_RETURN(auto files, prepareFiles());
    ASSIGN_OR_RETURN(Checkpoint checkpoint, loadCheckpoint(connection));
    ASSIGN_OR_RETURN(const auto writer,
                     IndexWriter::create(connection, shared->blocks(), std::move(checkpoint)));
    {
        // Those without a block are found again.
        const std::lock_guard lock(mutex);
        std::erase_if(status.findings, [](const verify::Finding& finding) {
            return !finding.block && finding.severity == verify::Severity::Error;
        });
    }
    Sync sync(*writer, connection, syncing(std::move(files), std::move(stop)));
    return sync.run();
}

Sync::Options LedgerIndex::Impl::syncing(std::vector<ListedFile> files, std::stop_token stop) {
    Sync::Options syncing{.files = std::move(files),
                          .snapshot = options.snapshot,
                          .anchor = options.anchor,
                          .threads = options.threads,
                          .stop = std::move(stop)};
    syncing.progress = [this](std::uint64_t done, std::uint64_t total) {
        const std::lock_guard lock(mutex);
        status.bytesDone = done;
        status.bytesTotal = total;
    };
    syncing.committed = [this](const Checkpoint& now, std::vector<verify::Finding> findings) {
        update(
            [&](IndexStatus& it) {
                it.checkpoint = now;
                for (verify::Finding& finding : findings)
                    if (it.findings.size() < kMaxFindings)
                        it.findings.push_back(std::move(finding));
            },
            false);
    };
    return syncing;
}

/// Blocks behind the last commit were perhaps not verified.
Status LedgerIndex::Impl::trimLog() {
    ASSIGN_OR_RETURN(const Checkpoint checkpoint, loadCheckpoint(connection));
    const auto files = listLog(options.paths.front());
    if (!checkpoint.last || checkpoint.file >= files.size() || !checkNewest(checkpoint).ok())
        return {};
    RETURN_IF_ERROR(BlockLog::open(options.paths.front(),
                                   LogEnd{files[checkpoint.file], checkpoint.offset},
                                   *checkpoint.last + 1)
                        .status());
    // What was cut off must not look like another ledger.
    ASSIGN_OR_RETURN(const auto listed, listFiles(options.paths));
    ASSIGN_OR_RETURN(auto transaction, store::Transaction::begin(connection));
    RETURN_IF_ERROR(saveFiles(connection, listed));
    return transaction.commit();
}

Status LedgerIndex::Impl::follow(BlockFeed& feed, std::stop_token stop) {
    const fs::path& folder = options.paths.front();
    RETURN_IF_ERROR(checkFile());
    shared->blocks().forget();
    RETURN_IF_ERROR(trimLog());
    if (listLog(folder).empty())
        RETURN_IF_ERROR(forget());
    else if (Status ran = run(stop); !ran.ok() && !isDamage(ran))
        return ran;
    if (stop.stop_requested()) return {};
    ASSIGN_OR_RETURN(Checkpoint checkpoint, loadCheckpoint(connection));
    ASSIGN_OR_RETURN(const auto findings, loadFindings(connection));
    const bool bad =
        checkpoint.ended || std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
            return finding.block && finding.severity == verify::Severity::Error;
        });
    if (bad) {
        // All of it can be had again.
        RETURN_IF_ERROR(forget());
        ASSIGN_OR_RETURN(checkpoint, loadCheckpoint(connection));
    }
    std::optional<LogEnd> end;
    if (checkpoint.last) end = LogEnd{listLog(folder).at(checkpoint.file), checkpoint.offset};
    ASSIGN_OR_RETURN(const auto log,
                     BlockLog::open(folder, end, checkpoint.last ? *checkpoint.last + 1 : 0));
    ASSIGN_OR_RETURN(auto files, prepareFiles());
    ASSIGN_OR_RETURN(checkpoint, loadCheckpoint(connection));
    ASSIGN_OR_RETURN(const auto writer,
                     IndexWriter::create(connection, shared->blocks(), std::move(checkpoint)));
    update([](IndexStatus& it) { it.phase = SyncPhase::Done; }, true);
    Sync sync(*writer, connection, syncing(std::move(files), std::move(stop)));
    return sync.follow(feed, *log);
}

LedgerIndex::LedgerIndex(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
LedgerIndex::~LedgerIndex() = default;

Result<std::unique_ptr<LedgerIndex>> LedgerIndex::open(LedgerIndexOptions options) {
    std::error_code error;
    if (!fs::exists(options.folder, error)) {
        fs::create_directories(options.folder, error);
        if (!error) fs::permissions(options.folder, fs::perms::owner_all, error);
        if (error)
            return makeError(
                StatusCode::kPermissionDenied, "CANNOT_OPEN",
                fmt::format("{} cannot be made: {}", options.folder.string(), error.message()),
                {{"path", options.folder.string()}});
    }
    const fs::path path = options.folder / fileNameOf(options);
    ASSIGN_OR_RETURN(auto connection, openOrReplace(path));
    auto impl = std::make_unique<Impl>(std::move(options), path, std::move(connection));
    // A damaged file is found again, and replaced, by the first sync().
    if (const Status loaded = impl->load(); !loaded.ok() && !isDamage(loaded)) return loaded;
    return std::unique_ptr<LedgerIndex>(new LedgerIndex(std::move(impl)));
}

Status LedgerIndex::sync(std::stop_token stop) {
    const std::lock_guard working(m_impl->working);
    m_impl->update(
        [](IndexStatus& it) {
            it.phase = SyncPhase::Reading;
            it.failure = {};
        },
        true);
    const Status status = m_impl->run(stop);
    if (isDamage(status)) m_impl->checked = false;
    m_impl->update(
        [&](IndexStatus& it) {
            it.phase = !status.ok()            ? SyncPhase::Failed
                       : stop.stop_requested() ? SyncPhase::Paused
                                               : SyncPhase::Done;
            it.failure = status;
        },
        true);
    return status;
}

Status LedgerIndex::follow(BlockFeed& feed, std::stop_token stop) {
    const std::lock_guard working(m_impl->working);
    m_impl->update(
        [](IndexStatus& it) {
            it.phase = SyncPhase::Reading;
            it.failure = {};
        },
        true);
    const Status status = m_impl->follow(feed, stop);
    const bool refused = reasonOf(status) == "BLOCK_REFUSED";
    if (isDamage(status) && !refused) m_impl->checked = false;
    m_impl->update(
        [&](IndexStatus& it) {
            it.phase = status.ok() || refused ? SyncPhase::Done : SyncPhase::Failed;
            it.failure = refused ? Status() : status;
        },
        true);
    return status;
}

Status LedgerIndex::startAgain() {
    const std::lock_guard working(m_impl->working);
    const Status status = m_impl->forget();
    m_impl->update(
        [](IndexStatus& it) {
            it.phase = SyncPhase::NotStarted;
            it.bytesDone = it.bytesTotal = 0;
            it.failure = {};
        },
        true);
    return status;
}

IndexStatus LedgerIndex::status() const {
    const std::lock_guard lock(m_impl->mutex);
    return m_impl->status;
}

void LedgerIndex::onChanged(std::function<void()> changed) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->changed = std::move(changed);
}

Result<std::unique_ptr<View>> LedgerIndex::look(std::stop_token stop) const {
    return View::create(m_impl->shared, std::move(stop));
}

}  // namespace chancery::index
