#include "src/crypto/SecretFile.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/base/Encoding.h"
#include "src/base/File.h"

namespace chancery::crypto {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostSecretFileBytes = 1024;

fs::path credentialsFolder() {
    const char* folder = ::getenv("CREDENTIALS_DIRECTORY");
    return folder != nullptr && *folder == '/' ? fs::path(folder) : fs::path();
}

bool isExposed(const fs::path& path, const struct stat& facts) {
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0) return true;
    // The group's bits of a credential are the mask of the list that names this service's user.
    const bool isCredential =
        facts.st_uid == 0 && path.has_parent_path() && path.parent_path() == credentialsFolder();
    return (facts.st_mode & (isCredential ? 037 : 077)) != 0;
}

}  // namespace

Result<Secret> readSecretFile(const fs::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0 && isExposed(path, facts))
        return makeError(StatusCode::kFailedPrecondition, "SECRET_FILE_MODE",
                         fmt::format("{} holds a secret and is open to other users (mode {:04o}); "
                                     "run \"chmod 600 {}\"",
                                     path.string(), unsigned(facts.st_mode & 07777), path.string()),
                         {{"file", path.string()}});
    ASSIGN_OR_RETURN(Bytes text, readFile(path, kMostSecretFileBytes));
    Secret secret(BytesView(text).substr(0, text.find_first_of("\r\n")));
    wipe(text);
    return secret;
}

}  // namespace chancery::crypto
