namespace Lae.Tests;

/// <summary>What lies in <c>../shared</c> beside the repository's root.</summary>
internal static class SharedFiles
{
    /// <summary>The full path of a file, whether it exists or not.</summary>
    /// <param name="path">Relative to <c>../shared</c>, such as <c>data/mnist/mnist-train-images-idx3-ubyte.gz</c>.</param>
    /// <returns>The path.</returns>
    public static string Locate(string path)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Lae.sln")))
        {
            folder = folder.Parent;
        }

        string root = folder?.Parent?.FullName ?? AppContext.BaseDirectory;
        return Path.Combine([root, "shared", .. path.Split('/')]);
    }
}
