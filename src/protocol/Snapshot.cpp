#include "src/protocol/Snapshot.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/SnapshotFile.h"

namespace chancery::protocol {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSignable = "_snapshot_signable_metadata.json";
constexpr std::string_view kAdditional = "_snapshot_additional_metadata.json";
constexpr std::size_t kMaxJsonBytes = 1U << 20;

Status badSnapshot(std::string_view file, std::string_view why) {
    return makeError(StatusCode::kDataLoss, "BAD_SNAPSHOT", fmt::format("{}: {}", file, why),
                     {{"file", std::string(file)}});
}

Status hashMismatch(std::string_view file) {
    return makeError(StatusCode::kDataLoss, "HASH_MISMATCH",
                     fmt::format("{} is not the file that the snapshot was made with", file),
                     {{"file", std::string(file)}});
}

Result<nlohmann::json> parseJson(std::string_view file, BytesView text) {
    if (text.size() > kMaxJsonBytes) return badSnapshot(file, "is too large");
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return badSnapshot(file, "not a JSON object");
    return json;
}

Result<std::string> textOf(const nlohmann::json& json, const char* name, std::string_view file) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string())
        return badSnapshot(file, fmt::format("{} is missing or no text", name));
    return found->get<std::string>();
}

Result<Bytes> hashOf(const nlohmann::json& json, const char* name, std::string_view file) {
    ASSIGN_OR_RETURN(const std::string text, textOf(json, name, file));
    auto bytes = fromHex(text);
    if (!bytes.ok()) return badSnapshot(file, fmt::format("{} is no hex", name));
    return bytes;
}

Status readSignable(BytesView text, SnapshotInfo& out) {
    ASSIGN_OR_RETURN(const nlohmann::json json, parseJson(kSignable, text));
    ASSIGN_OR_RETURN(const std::string channel, textOf(json, "channel_name", kSignable));
    out.channel = ChannelId(channel);
    ASSIGN_OR_RETURN(out.lastBlockHash, hashOf(json, "last_block_hash", kSignable));
    ASSIGN_OR_RETURN(out.previousBlockHash, hashOf(json, "previous_block_hash", kSignable));
    ASSIGN_OR_RETURN(out.stateDbType, textOf(json, "state_db_type", kSignable));
    const auto number = json.find("last_block_number");
    if (number == json.end() || !number->is_number_unsigned())
        return badSnapshot(kSignable, "last_block_number is missing or no number");
    out.lastBlock = number->get<std::uint64_t>();
    const auto files = json.find("snapshot_files_raw_hashes");
    if (files == json.end() || !files->is_object())
        return badSnapshot(kSignable, "snapshot_files_raw_hashes is missing or no object");
    for (const auto& [name, hash] : files->items()) {
        if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.'))
            return badSnapshot(kSignable, fmt::format("lists '{}'", printable(name, 200)));
        ASSIGN_OR_RETURN(out.fileHashes[name], hashOf(*files, name.c_str(), kSignable));
    }
    return {};
}

Status readAdditional(BytesView text, SnapshotInfo& out) {
    ASSIGN_OR_RETURN(const nlohmann::json json, parseJson(kAdditional, text));
    ASSIGN_OR_RETURN(out.snapshotHash, hashOf(json, "snapshot_hash", kAdditional));
    ASSIGN_OR_RETURN(out.lastCommitHash, hashOf(json, "last_block_commit_hash", kAdditional));
    return {};
}

/// Gives `count` records and then requires the end of the file.
template <class Record>
class CountedReader : public SnapshotReader<Record> {
public:
    CountedReader(SnapshotFile data, std::uint64_t count)
        : m_data(std::move(data)), m_count(count) {}

    Result<std::optional<Record>> next() final {
        if (m_given == m_count) {
            RETURN_IF_ERROR(m_data.end());
            return std::optional<Record>();
        }
        ASSIGN_OR_RETURN(Record record, read(m_data));
        ++m_given;
        return std::optional<Record>(std::move(record));
    }
    std::uint64_t count() const final { return m_count; }

protected:
    virtual Result<Record> read(SnapshotFile& data) = 0;

private:
    SnapshotFile m_data;
    std::uint64_t m_count;
    std::uint64_t m_given = 0;
};

/// A file that the snapshot does not have because there is nothing to put into it.
template <class Record>
class NothingReader : public SnapshotReader<Record> {
public:
    Result<std::optional<Record>> next() final { return std::optional<Record>(); }
    std::uint64_t count() const final { return 0; }
};

/// How many records each namespace of a state file has, in order.
struct NamespaceRun {
    std::string_view name;
    std::uint64_t count = 0;
};

class StateReader : public CountedReader<SnapshotKey> {
public:
    StateReader(SnapshotFile data, std::vector<NamespaceRun> runs, std::uint64_t count)
        : CountedReader(std::move(data), count), m_runs(std::move(runs)) {}

protected:
    Result<SnapshotKey> read(SnapshotFile& data) override {
        while (m_inRun == m_runs[m_run].count) {
            ++m_run;
            m_inRun = 0;
        }
        ++m_inRun;
        ASSIGN_OR_RETURN(const BytesView record, data.bytes());
        SnapshotKey out;
        const std::string_view name = m_runs[m_run].name;
        const std::size_t mark = name.find("$$h");
        out.namespaceName = name.substr(0, mark);
        if (mark != std::string_view::npos) out.collection = name.substr(mark + 3);
        BytesView version;
        FieldReader reader(record, "record");
        const bool readable = reader.each(record, [&](const wire::FieldScanner& field) {
            if (keyOf(field) == lengthField(1)) out.key = field.view();
            if (keyOf(field) == lengthField(2)) out.value = field.view();
            if (keyOf(field) == lengthField(3)) out.metadata = field.view();
            if (keyOf(field) == lengthField(4)) version = field.view();
            return true;
        });
        if (!readable) return data.fault(messageOf(reader.status()));
        const auto decoded = decodeVersion(version);
        if (!decoded.ok()) return data.fault(messageOf(decoded.status()));
        out.version = *decoded;
        return out;
    }

private:
    std::vector<NamespaceRun> m_runs;
    std::size_t m_run = 0;
    std::uint64_t m_inRun = 0;
};

class TxIdReader : public CountedReader<std::string_view> {
    using CountedReader::CountedReader;

protected:
    Result<std::string_view> read(SnapshotFile& data) override { return data.bytes(); }
};

class ConfigHistoryReader : public CountedReader<SnapshotCollectionConfig> {
    using CountedReader::CountedReader;

protected:
    /// Key: 's' "lscc" 00 <contract>"~collection" and the block counted down from the top,
    /// big-endian.
    Result<SnapshotCollectionConfig> read(SnapshotFile& data) override {
        constexpr std::string_view kPrefix("slscc\0", 6);
        constexpr std::string_view kSuffix("~collection");
        ASSIGN_OR_RETURN(const BytesView key, data.bytes());
        ASSIGN_OR_RETURN(const BytesView value, data.bytes());
        if (key.size() < kPrefix.size() + kSuffix.size() + 8 || !key.starts_with(kPrefix))
            return data.fault("not a key of the configuration history");
        BytesView name = key.substr(kPrefix.size(), key.size() - kPrefix.size() - 8);
        if (!name.ends_with(kSuffix)) return data.fault("not a key of a collection configuration");
        name.remove_suffix(kSuffix.size());
        std::uint64_t countdown = 0;
        for (const char c : key.substr(key.size() - 8))
            countdown = countdown << 8 | static_cast<std::uint8_t>(c);
        return SnapshotCollectionConfig{name, ~countdown, value};
    }
};

class OpenSnapshot : public Snapshot {
public:
    using Load = std::function<Result<SharedBytes>(const std::string& name)>;

    static Result<std::unique_ptr<Snapshot>> open(const Load& load) {
        auto out = std::make_unique<OpenSnapshot>();
        ASSIGN_OR_RETURN(const SharedBytes signable, load(std::string(kSignable)));
        ASSIGN_OR_RETURN(const SharedBytes additional, load(std::string(kAdditional)));
        RETURN_IF_ERROR(readSignable(signable.view(), out->m_info));
        RETURN_IF_ERROR(readAdditional(additional.view(), out->m_info));
        if (crypto::sha256(signable.view()) != out->m_info.snapshotHash)
            return hashMismatch(kSignable);
        for (const auto& [name, hash] : out->m_info.fileHashes) {
            ASSIGN_OR_RETURN(SharedBytes file, load(name));
            if (crypto::sha256(file.view()) != hash) return hashMismatch(name);
            out->m_files.emplace(name, std::move(file));
        }
        return std::unique_ptr<Snapshot>(std::move(out));
    }

    const SnapshotInfo& info() const override { return m_info; }

    Result<std::unique_ptr<SnapshotReader<SnapshotKey>>> publicState() const override {
        return state("public_state");
    }
    Result<std::unique_ptr<SnapshotReader<SnapshotKey>>> privateHashes() const override {
        return state("private_state_hashes");
    }
    Result<std::unique_ptr<SnapshotReader<std::string_view>>> txIds() const override {
        return counted<TxIdReader, std::string_view>("txids");
    }
    Result<std::unique_ptr<SnapshotReader<SnapshotCollectionConfig>>> configHistory()
        const override {
        return counted<ConfigHistoryReader, SnapshotCollectionConfig>("confighistory");
    }

private:
    bool has(const std::string& stem) const { return m_files.contains(stem + ".data"); }

    Result<SnapshotFile> begin(const std::string& name) const {
        const auto found = m_files.find(name);
        if (found == m_files.end()) return badSnapshot(name, "is missing");
        SnapshotFile out(name, found->second.view());
        RETURN_IF_ERROR(out.begin());
        return out;
    }

    template <class Reader, class Record>
    Result<std::unique_ptr<SnapshotReader<Record>>> counted(const std::string& stem) const {
        using Out = std::unique_ptr<SnapshotReader<Record>>;
        if (!has(stem)) return Out(std::make_unique<NothingReader<Record>>());
        ASSIGN_OR_RETURN(SnapshotFile metadata, begin(stem + ".metadata"));
        ASSIGN_OR_RETURN(const std::uint64_t count, metadata.number());
        RETURN_IF_ERROR(metadata.end());
        ASSIGN_OR_RETURN(SnapshotFile data, begin(stem + ".data"));
        return Out(std::make_unique<Reader>(std::move(data), count));
    }

    Result<std::unique_ptr<SnapshotReader<SnapshotKey>>> state(const std::string& stem) const {
        using Out = std::unique_ptr<SnapshotReader<SnapshotKey>>;
        if (!has(stem)) return Out(std::make_unique<NothingReader<SnapshotKey>>());
        ASSIGN_OR_RETURN(SnapshotFile metadata, begin(stem + ".metadata"));
        ASSIGN_OR_RETURN(const std::uint64_t namespaces, metadata.number());
        std::vector<NamespaceRun> runs;
        std::uint64_t total = 0;
        for (std::uint64_t i = 0; i < namespaces; ++i) {
            NamespaceRun run;
            ASSIGN_OR_RETURN(run.name, metadata.bytes());
            ASSIGN_OR_RETURN(run.count, metadata.number());
            if (__builtin_add_overflow(total, run.count, &total))
                return metadata.fault("more records than can be counted");
            runs.push_back(run);
        }
        RETURN_IF_ERROR(metadata.end());
        ASSIGN_OR_RETURN(SnapshotFile data, begin(stem + ".data"));
        return Out(std::make_unique<StateReader>(std::move(data), std::move(runs), total));
    }

    SnapshotInfo m_info;
    std::map<std::string, SharedBytes> m_files;
};

}  // namespace

Result<std::unique_ptr<Snapshot>> Snapshot::open(const fs::path& folder) {
    return OpenSnapshot::open([&folder](const std::string& name) -> Result<SharedBytes> {
        const fs::path path = folder / name;
        std::error_code ignored;
        if (fs::is_symlink(fs::symlink_status(path, ignored)))
            return badSnapshot(name, "is a link");
        auto mapped = MappedFile::open(path);
        if (!mapped.ok()) return withContext(mapped.status(), "snapshot");
        auto owner = std::make_shared<const MappedFile>(*std::move(mapped));
        const BytesView view = owner->bytes();
        return SharedBytes(std::move(owner), view);
    });
}

Result<std::unique_ptr<Snapshot>> Snapshot::fromFiles(
    const std::map<std::string, SharedBytes>& files) {
    return OpenSnapshot::open([&files](const std::string& name) -> Result<SharedBytes> {
        const auto found = files.find(name);
        if (found == files.end())
            return makeError(StatusCode::kNotFound, "NO_SUCH_FILE",
                             fmt::format("snapshot: {} is missing", name), {{"file", name}});
        return found->second;
    });
}

}  // namespace chancery::protocol
