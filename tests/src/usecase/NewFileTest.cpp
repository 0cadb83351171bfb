#include "src/usecase/NewFile.h"

#include <sys/stat.h>

#include <QTemporaryDir>
#include <filesystem>

#include "src/base/File.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using usecase::NewFile;

class NewFileTest : public QObject {
    Q_OBJECT
private slots:
    void writesForTheOwnerAlone();
    void neverOverwrites();
    void neverFollowsALink();
    void unfinishedFilesAreGone();
};

void NewFileTest::writesForTheOwnerAlone() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("out").toStdString();
    auto file = NewFile::create(path);
    VERIFY_OK(file);
    const Bytes piece(700'000, 'x');
    for (int i = 0; i < 3; ++i) VERIFY_OK(file->write(piece));
    VERIFY_OK(file->finish());
    QCOMPARE(std::filesystem::file_size(path), std::uintmax_t{2'100'000});
    struct stat facts {};
    QCOMPARE(::stat(path.c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777U, 0600U);
}

void NewFileTest::neverOverwrites() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("out").toStdString();
    VERIFY_OK(writeNewFile(path, "first"));
    const auto file = NewFile::create(path);
    QCOMPARE(file.status().code(), StatusCode::kAlreadyExists);
    QCOMPARE(argumentOf(file.status(), "path"), path.string());
    QCOMPARE(*readFile(path), Bytes("first"));
}

void NewFileTest::neverFollowsALink() {
    const QTemporaryDir folder;
    const std::filesystem::path target = folder.filePath("target").toStdString();
    const std::filesystem::path link = folder.filePath("link").toStdString();
    std::filesystem::create_symlink(target, link);
    QVERIFY(!NewFile::create(link).ok());
    QVERIFY(!std::filesystem::exists(target));
}

void NewFileTest::unfinishedFilesAreGone() {
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("out").toStdString();
    {
        auto file = NewFile::create(path);
        VERIFY_OK(file);
        VERIFY_OK(file->write("half"));
        QVERIFY(std::filesystem::exists(path));
    }
    QVERIFY(!std::filesystem::exists(path));
}

CHANCERY_TEST(NewFileTest)
#include "NewFileTest.moc"
