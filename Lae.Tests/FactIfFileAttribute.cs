namespace Lae.Tests;

/// <summary>
/// A test that needs data too large or not free enough to travel with the project. It is skipped, with a line that names the
/// missing file, where <c>../shared</c> beside the repository's root does not hold it.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactIfFileAttribute : FactAttribute
{
    /// <param name="path">The file, relative to <c>../shared</c>, such as <c>data/mnist/mnist-train-images-idx3-ubyte.gz</c>.</param>
    public FactIfFileAttribute(string path)
    {
        Path = path;
        if (!File.Exists(SharedFiles.Locate(path)))
        {
            Skip = $"missing file: ../shared/{path}";
        }
    }

    /// <summary>The file, relative to <c>../shared</c>.</summary>
    public string Path { get; }
}
