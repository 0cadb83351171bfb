#include "src/usecase/ConfigFile.h"

#include <nlohmann/json.hpp>
#include <set>

#include "fabric/common/common.pb.h"
#include "fabric/common/configtx.pb.h"
#include "src/base/File.h"
#include "src/channel/ConfigJson.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kHashBytes = 32;

Status notConfig(std::string_view name) {
    return makeError(
        StatusCode::kInvalidArgument, "NOT_CONFIG",
        fmt::format("{} is neither a config block nor another form of channel configuration", name),
        {{"path", std::string(name)}});
}

template <class M>
std::optional<M> parsed(BytesView bytes) {
    auto message = wire::parse<M>(bytes, std::string(M::descriptor()->full_name()));
    if (!message.ok()) return std::nullopt;
    // All forms are tried one after the other: fields that the message does not have mean that it
    // is another one.
    if (message->GetReflection()->GetUnknownFields(*message).field_count() > 0) return std::nullopt;
    return *std::move(message);
}

bool looksLike(const ::common::ConfigGroup& group) {
    return group.groups_size() + group.values_size() + group.policies_size() > 0;
}

/// What an envelope holds: fills the file, or says nothing when it is no envelope of configuration.
std::optional<Status> readEnvelope(BytesView bytes, ConfigFile& file) {
    const auto envelope = parsed<::common::Envelope>(bytes);
    if (!envelope) return std::nullopt;
    const auto payload = parsed<::common::Payload>(envelope->payload());
    if (!payload || !payload->has_header()) return std::nullopt;
    const auto header = parsed<::common::ChannelHeader>(payload->header().channel_header());
    if (!header || payload->header().channel_header().empty()) return std::nullopt;
    file.channel = ChannelId(header->channel_id());
    if (header->type() == ::common::CONFIG) {
        ASSIGN_OR_RETURN(auto content,
                         wire::parse<::common::ConfigEnvelope>(payload->data(), "payload.data"));
        file.config = std::make_shared<::common::Config>(content.config());
        if (content.has_last_update())
            file.lastUpdate = std::make_shared<::common::Envelope>(content.last_update());
        return absl::OkStatus();
    }
    if (header->type() == ::common::CONFIG_UPDATE) {
        ASSIGN_OR_RETURN(const auto content, wire::parse<::common::ConfigUpdateEnvelope>(
                                                 payload->data(), "payload.data"));
        ASSIGN_OR_RETURN(auto update, wire::parse<::common::ConfigUpdate>(
                                          content.config_update(), "payload.data.config_update"));
        file.update = std::make_shared<::common::ConfigUpdate>(std::move(update));
        file.lastUpdate = std::make_shared<::common::Envelope>(*envelope);
        return absl::OkStatus();
    }
    return makeError(StatusCode::kInvalidArgument, "NO_CONFIG_BLOCK",
                     "it holds ordinary transactions, no configuration",
                     {{"channel", header->channel_id()}});
}

std::optional<Status> readBlock(BytesView bytes, ConfigFile& file) {
    const auto block = parsed<::common::Block>(bytes);
    if (!block || block->header().data_hash().size() != kHashBytes ||
        block->data().data_size() == 0)
        return std::nullopt;
    const auto status = readEnvelope(block->data().data(0), file);
    if (!status) return std::nullopt;
    file.block = block->header().number();
    if (reasonOf(*status) == "NO_CONFIG_BLOCK")
        return makeError(
            StatusCode::kInvalidArgument, "NO_CONFIG_BLOCK",
            fmt::format("block {} holds ordinary transactions, no configuration", *file.block),
            {{"block", std::to_string(*file.block)}});
    return status;
}

std::optional<Status> readOthers(BytesView bytes, ConfigFile& file) {
    if (auto content = parsed<::common::ConfigEnvelope>(bytes);
        content && looksLike(content->config().channel_group())) {
        file.messageName = "common.ConfigEnvelope";
        file.config = std::make_shared<::common::Config>(content->config());
        if (content->has_last_update())
            file.lastUpdate = std::make_shared<::common::Envelope>(content->last_update());
    } else if (auto config = parsed<::common::Config>(bytes);
               config && looksLike(config->channel_group())) {
        file.messageName = "common.Config";
        file.config = std::make_shared<::common::Config>(*std::move(config));
    } else if (auto update = parsed<::common::ConfigUpdate>(bytes);
               update && update->has_write_set()) {
        file.messageName = "common.ConfigUpdate";
        file.channel = ChannelId(update->channel_id());
        file.update = std::make_shared<::common::ConfigUpdate>(*std::move(update));
    } else if (const auto signedUpdate = parsed<::common::ConfigUpdateEnvelope>(bytes)) {
        auto inner = parsed<::common::ConfigUpdate>(signedUpdate->config_update());
        if (!inner || !inner->has_write_set()) return std::nullopt;
        file.messageName = "common.ConfigUpdateEnvelope";
        file.channel = ChannelId(inner->channel_id());
        file.update = std::make_shared<::common::ConfigUpdate>(*std::move(inner));
    } else {
        return std::nullopt;
    }
    return absl::OkStatus();
}

/// Collects the keys of the outermost object; takes no memory for the rest.
class OuterKeys final : public nlohmann::json_sax<nlohmann::json> {
public:
    std::set<std::string> keys;

    bool key(string_t& key) override {
        if (m_depth == 1) keys.insert(key);
        return true;
    }
    bool start_object(std::size_t) override { return ++m_depth > 0; }
    bool end_object() override { return --m_depth >= 0; }
    bool start_array(std::size_t) override { return ++m_depth > 0; }
    bool end_array() override { return --m_depth >= 0; }
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }

private:
    int m_depth = 0;
};

/// The message behind a JSON text, by its keys: empty for JSON of another kind, nothing for what is
/// no JSON.
std::optional<std::string> messageOfJson(std::string_view text) {
    OuterKeys found;
    if (!nlohmann::json::sax_parse(text, &found)) return std::nullopt;
    const auto has = [&](const char* key) { return found.keys.contains(key); };
    if (has("header") && has("data")) return "common.Block";
    if (has("payload")) return "common.Envelope";
    if (has("config")) return "common.ConfigEnvelope";
    if (has("channel_group")) return "common.Config";
    if (has("config_update")) return "common.ConfigUpdateEnvelope";
    if (has("write_set")) return "common.ConfigUpdate";
    if (has("policies") && has("values")) return "common.ConfigGroup";
    return "";
}

/// JSON to the bytes of the message that it holds.
Result<Bytes> bytesOfJson(const Bytes& json, std::string_view name, std::string& message) {
    // Text that is no JSON is told with line and column by whichever reader.
    message = messageOfJson(json).value_or("common.Config");
    if (message.empty()) return notConfig(name);
    channel::JsonOptions options;
    if (message == "common.ConfigGroup") options.groupKind = channel::GroupKind::ApplicationOrg;
    auto bytes = channel::jsonToProto(message, json, options);
    if (!bytes.ok()) return withContext(bytes.status(), name);
    return bytes;
}

}  // namespace

Result<ConfigFile> readConfig(Bytes bytes, std::string_view name) {
    ConfigFile file;
    const std::size_t first = bytes.find_first_not_of(" \t\r\n");
    if (first != Bytes::npos && bytes[first] == '{') {
        std::string message;
        ASSIGN_OR_RETURN(bytes, bytesOfJson(bytes, name, message));
        if (message == "common.ConfigGroup")
            return ConfigFile{.messageName = message, .bytes = std::move(bytes)};
    }
    std::optional<Status> status = readBlock(bytes, file);
    if (status) {
        file.messageName = "common.Block";
    } else {
        status = readEnvelope(bytes, file);
        if (status)
            file.messageName = "common.Envelope";
        else
            status = readOthers(bytes, file);
    }
    if (!status) return notConfig(name);
    if (!status->ok()) return withContext(*status, name);
    file.bytes = std::move(bytes);
    return file;
}

Result<ConfigFile> readConfigFile(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(Bytes bytes, readFile(path));
    return readConfig(std::move(bytes), path.string());
}

Result<ConfigFile> readWholeConfig(const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(ConfigFile file, readConfigFile(path));
    if (!file.config)
        return makeError(StatusCode::kInvalidArgument, "NO_CONFIG",
                         fmt::format("{} holds {}, which is no whole configuration", path.string(),
                                     file.messageName),
                         {{"path", path.string()}, {"message", file.messageName}});
    return file;
}

}  // namespace chancery::usecase
