"""Foreign headers have homes: a library whose types leak everywhere can never be replaced or contained."""

import re

import common

TREES = ("src", "node", "ui", "tests")

# (what, header, homes). A home is a prefix of the path; tests may use what the folder that they mirror may use.
HOMES = [
    ("Qt", re.compile(r"^Q(t[A-Z]\w*/|[A-Z])\w*$|^Qt\w+$"), ("ui/", "tests/")),
    # src/http: cpp-httplib takes its TLS contexts from whoever uses it.
    ("QtKeychain", re.compile(r"^qt6keychain/"), ("ui/keychain/",)),
    ("OpenSSL", re.compile(r"^openssl/"), ("src/crypto/", "src/identity/", "src/rpc/", "src/http/")),
    ("GMP", re.compile(r"^gmp(xx)?\.h$"), ("src/crypto/",)),
    ("PKCS#11", re.compile(r"^p11-kit/"), ("src/crypto/",)),
    ("OpenLDAP", re.compile(r"^(ldap|lber)\.h$"), ("node/ca/",)),
    ("cpp-httplib", re.compile(r"^httplib\.h$"), ("src/http/",)),
    ("SQLite", re.compile(r"^sqlite3(ext)?\.h$"), ("src/store/",)),
    ("gRPC", re.compile(r"^grpc(pp|\+\+)?/|\.grpc\.pb\.h$"), ("src/rpc/", "src/client/", "tests/support/tsan/")),
    ("JavaScriptCore", re.compile(r"^JavaScriptCore/|^jsc/"), ("node/contract/",)),
    ("spdlog", re.compile(r"^spdlog/"), ("src/base/",)),
    ("CLI11", re.compile(r"^CLI/"), ("src/cli/",)),
]
SERVICE = re.compile(r"Service(Test)?\.(h|cpp)$")
# Where generated messages must not be seen at all; headers only, where the path ends in .h.
NO_MESSAGES = re.compile(r"^src/interfaces/|^src/usecase/.*\.h$|^src/cli/|^ui/")
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.MULTILINE)


def at_home(name, what, homes):
    if what == "gRPC" and SERVICE.search(name):
        return True
    mirrored = name.removeprefix("tests/") if name.startswith("tests/") else name
    return name.startswith(homes) or mirrored.startswith(homes)


def findings(root):
    found = []
    for name in common.files(root, TREES, common.CODE):
        for header in INCLUDE.findall(common.text_of(root, name)):
            if header.endswith(".pb.h") and NO_MESSAGES.search(name):
                found.append(f"{name}: {header}: generated messages are not seen here")
            for what, pattern, homes in HOMES:
                if pattern.search(header) and not at_home(name, what, homes):
                    found.append(f"{name}: {header}: {what} belongs to {', '.join(homes)}")
    return found


def _case(title, path, header, expected):
    return (title, {path: f"#include <{header}>\n"}, expected)


CASES = [
    _case("Qt in a test", "tests/src/a/ATest.cpp", "QTest", None),
    _case("Qt class below ui", "src/a/A.cpp", "QString", "Qt belongs"),
    _case("Qt module below ui", "node/a/A.h", "QtCore/QString", "Qt belongs"),
    _case("OpenSSL at home", "src/crypto/A.cpp", "openssl/evp.h", None),
    _case("OpenSSL in the mirror of its home", "tests/src/crypto/ATest.cpp", "openssl/evp.h", None),
    _case("OpenSSL elsewhere", "src/policy/A.cpp", "openssl/evp.h", "OpenSSL belongs"),
    _case("OpenSSL in a foreign test", "tests/src/policy/ATest.cpp", "openssl/evp.h", "OpenSSL belongs"),
    _case("SQLite elsewhere", "src/index/A.cpp", "sqlite3.h", "SQLite belongs"),
    _case("gRPC at home", "src/rpc/A.h", "grpcpp/grpcpp.h", None),
    _case("gRPC in a service", "node/admin/AdminService.cpp", "grpcpp/grpcpp.h", None),
    _case("gRPC elsewhere", "node/admin/Admin.cpp", "grpcpp/grpcpp.h", "gRPC belongs"),
    _case("generated services elsewhere", "src/verify/A.cpp", "fabric/peer/peer.grpc.pb.h", "gRPC belongs"),
    _case("messages in a use case", "src/usecase/A.cpp", "fabric/common/common.pb.h", None),
    _case("messages in its header", "src/usecase/A.h", "fabric/common/common.pb.h", "not seen here"),
    _case("messages in cli", "src/cli/A.cpp", "fabric/common/common.pb.h", "not seen here"),
    _case("PKCS#11 elsewhere", "src/wallet/A.cpp", "p11-kit/pkcs11.h", "PKCS#11 belongs"),
    _case("OpenLDAP at home", "node/ca/Directory.cpp", "ldap.h", None),
    _case("OpenLDAP elsewhere", "node/runtime/A.cpp", "ldap.h", "OpenLDAP belongs"),
    _case("JavaScriptCore elsewhere", "node/peer/A.cpp", "JavaScriptCore/JavaScript.h", "JavaScriptCore belongs"),
    _case("spdlog elsewhere", "src/rpc/A.cpp", "spdlog/spdlog.h", "spdlog belongs"),
    _case("cpp-httplib at home", "src/http/Server.cpp", "httplib.h", None),
    _case("cpp-httplib elsewhere", "node/operations/A.cpp", "httplib.h", "cpp-httplib belongs"),
    _case("CLI11 elsewhere", "src/base/A.cpp", "CLI/CLI.hpp", "CLI11 belongs"),
]

if __name__ == "__main__":
    common.main(findings, CASES)
