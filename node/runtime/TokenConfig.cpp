#include "node/runtime/TokenConfig.h"

#include <algorithm>
#include <cstdlib>

#include "src/base/Encoding.h"

namespace chancery::node {
namespace {

constexpr std::string_view kTokenUri = "pkcs11:";
constexpr std::size_t kSha256Digits = 64;

bool isSha256(const std::string& text) {
    return text.size() == kSha256Digits && fromHex(text).ok();
}

}  // namespace

std::filesystem::path readSecretPath(ConfigSection& section, const std::string& name) {
    const auto file = section.path(name + "File");
    const std::string credential = section.text(name + "Credential");
    if (credential.empty()) return file;
    if (!file.empty()) section.fail(name + "File", "or " + name + "Credential, but not both");
    if (credential.front() == '.' || credential.find('/') != std::string::npos)
        section.fail(name + "Credential", "must be a name");
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr || *folder != '/') {
        section.fail(name + "Credential",
                     "is there only for services that systemd starts with LoadCredential=");
        return {};
    }
    return std::filesystem::path(folder) / credential;
}

std::optional<crypto::TokenPlace> readTokenKey(ConfigSection& section, const std::string& name) {
    const std::string uri = section.text(name);
    if (!uri.starts_with(kTokenUri)) {
        if (section.has("token"))
            section.fail("token", "is of no use unless " + name + " begins with pkcs11:");
        return std::nullopt;
    }
    crypto::TokenPlace place;
    if (const Status read = crypto::readTokenUri(uri, place); !read.ok())
        section.fail(name, std::string(messageOf(read)));
    ConfigSection token = section.section("token");
    place.module = {.path = token.requiredPath("module"), .sha256 = token.required("sha256")};
    // The loader compares with the file behind all links.
    std::error_code error;
    if (auto real = std::filesystem::canonical(place.module.path, error); !error)
        place.module.path = std::move(real);
    std::transform(place.module.sha256.begin(), place.module.sha256.end(),
                   place.module.sha256.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? char(c - 'A' + 'a') : c; });
    if (!isSha256(place.module.sha256))
        token.fail("sha256", "must be the SHA-256 of the module in 64 hex digits");
    place.pinFile = readSecretPath(token, "pin");
    if (place.pinFile.empty()) token.fail("pinFile", "or pinCredential is missing");
    return place;
}

}  // namespace chancery::node
