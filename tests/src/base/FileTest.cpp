#include "src/base/File.h"

#include <sys/stat.h>

#include <QTemporaryDir>

#include "tests/support/TestMain.h"

using namespace chancery;

class FileTest : public QObject {
    Q_OBJECT
private slots:
    void roundTripAndMode();
    void sizeCapBeforeAllocation();
    void newFileNeverOverwritesNorFollowsLinks();
    void refusesWhatIsNoFile();
};

void FileTest::roundTripAndMode() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("a").toStdString();
    VERIFY_OK(writeFileAtomically(path, "first", 0600));
    VERIFY_OK(writeFileAtomically(path, "second", 0600));
    QCOMPARE(*readFile(path), Bytes("second"));
    struct stat facts {};
    QCOMPARE(::stat(path.c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777U, 0600U);
    const auto mapped = MappedFile::open(path);
    VERIFY_OK(mapped);
    QCOMPARE(Bytes(mapped->bytes()), Bytes("second"));
}

void FileTest::sizeCapBeforeAllocation() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("sparse").toStdString();
    VERIFY_OK(writeNewFile(path, ""));
    std::filesystem::resize_file(path, std::uintmax_t(1) << 40);
    QCOMPARE(reasonOf(readFile(path).status()), std::string("FILE_TOO_LARGE"));
}

void FileTest::newFileNeverOverwritesNorFollowsLinks() {
    const QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("target").toStdString();
    const std::filesystem::path link = folder.filePath("link").toStdString();
    std::filesystem::create_symlink(target, link);
    QVERIFY(absl::IsAlreadyExists(writeNewFile(link, "x")));
    QVERIFY(!std::filesystem::exists(target));
    VERIFY_OK(writeFileAtomically(link, "x"));
    QVERIFY(!std::filesystem::exists(target));
}

void FileTest::refusesWhatIsNoFile() {
    const QTemporaryDir folder;
    QCOMPARE(reasonOf(readFile(folder.path().toStdString()).status()), std::string("NOT_A_FILE"));
    QVERIFY(absl::IsNotFound(readFile(folder.filePath("none").toStdString()).status()));
    const std::filesystem::path pipe = folder.filePath("pipe").toStdString();
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    QCOMPARE(reasonOf(readFile(pipe).status()), std::string("NOT_A_FILE"));
}

CHANCERY_TEST(FileTest)
#include "FileTest.moc"
