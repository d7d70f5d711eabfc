namespace Lae.Tests;

/// <summary>What lies in <c>../shared</c> beside the repository's root.</summary>
internal static class SharedFiles
{
    /// <summary>The full path of a file, whether it exists or not.</summary>
    /// <param name="path">Relative to <c>../shared</c>, such as <c>data/mnist/mnist-train-images-idx3-ubyte.gz</c>.</param>
    /// <returns>The path.</returns>
    public static string Locate(string path) =>
        Path.Combine([Folder()?.Parent?.FullName ?? AppContext.BaseDirectory, "shared", .. path.Split('/')]);

    /// <summary>The repository's root.</summary>
    /// <returns>Its path.</returns>
    public static string Root() => Folder()?.FullName ?? throw new InvalidOperationException("Lae.sln was not found above the program.");

    private static DirectoryInfo? Folder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lae.sln")))
        {
            folder = folder.Parent;
        }

        return folder;
    }
}
