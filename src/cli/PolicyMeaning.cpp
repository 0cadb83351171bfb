#include "src/cli/PolicyMeaning.h"

#include <utility>

namespace chancery::cli {
namespace {

constexpr std::pair<std::string_view, std::string_view> kMeanings[] = {
    {"/Channel/Admins", "changing what concerns the whole channel"},
    {"/Channel/Writers", "sending anything to the orderers"},
    {"/Channel/Readers", "receiving blocks from orderers"},
    {"/Channel/Application/Admins", "adding and removing members, changing their common settings"},
    {"/Channel/Application/Writers", "calling contracts"},
    {"/Channel/Application/Readers", "receiving blocks and events from peers"},
    {"/Channel/Application/Endorsement", "endorsing for contracts without a policy of their own"},
    {"/Channel/Application/LifecycleEndorsement", "defining and upgrading contracts"},
    {"/Channel/Orderer/Admins", "changing the settings of ordering and the set of orderers"},
    {"/Channel/Orderer/Writers", "what only orderers may send"},
    {"/Channel/Orderer/Readers", "reading as an ordering organisation"},
    {"/Channel/Orderer/BlockValidation", "making blocks that peers accept"},
};

}  // namespace

std::string meaningOfPolicy(std::string_view path) {
    for (const auto& [known, meaning] : kMeanings)
        if (known == path) return std::string(meaning);
    // "/Channel/Application/<organisation>/Admins"
    const std::size_t last = path.rfind('/');
    if (last == std::string_view::npos || last == 0) return {};
    const std::string_view name = path.substr(last + 1);
    const std::string_view group = path.substr(0, last);
    const std::string_view organisation = group.substr(group.rfind('/') + 1);
    const bool ofOrganisation =
        group.starts_with("/Channel/Application/") || group.starts_with("/Channel/Orderer/");
    if (!ofOrganisation) return {};
    if (name == "Admins") return fmt::format("changing {}'s own settings", organisation);
    if (name == "Writers") return fmt::format("{}'s voice in sending", organisation);
    if (name == "Readers") return fmt::format("{}'s voice in reading", organisation);
    if (name == "Endorsement") return fmt::format("{}'s voice in endorsing", organisation);
    return {};
}

}  // namespace chancery::cli
