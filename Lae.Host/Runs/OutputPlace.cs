namespace Lae.Host.Runs;

/// <summary>
/// Where a command that uses a run writes: a folder, which gets a file of every form under a common name, or one file whose ending says its form. Nothing that is there is written over.
/// </summary>
internal sealed class OutputPlace
{
    private readonly IReadOnlyDictionary<string, string> files;

    private OutputPlace(IReadOnlyDictionary<string, string> files) => this.files = files;

    /// <summary>The files that will be written.</summary>
    public IEnumerable<string> Files => files.Values;

    /// <summary>Chooses the files, before anything is computed; makes nothing.</summary>
    /// <param name="path">The full path that the command line names.</param>
    /// <param name="name">What files in a folder are called.</param>
    /// <param name="forms">The forms that there are, as endings such as <c>.csv</c>, those that a folder gets first.</param>
    /// <param name="inFolder">How many of them a folder gets.</param>
    /// <exception cref="RunFolderException">Another form, or a file that is there.</exception>
    public static OutputPlace Choose(string path, string name, IReadOnlyList<string> forms, int inFolder)
    {
        string ending = Path.GetExtension(path);
        bool isFolder = Directory.Exists(path) || (ending.Length == 0 && !File.Exists(path));
        if (!isFolder && !forms.Contains(ending, StringComparer.OrdinalIgnoreCase))
        {
            throw new RunFolderException($"output {path}: a file that ends in {string.Join(" or ", forms)} can be written, or a folder");
        }

        Dictionary<string, string> files = isFolder
            ? forms.Take(inFolder).ToDictionary(form => form, form => Path.Combine(path, name + form), StringComparer.OrdinalIgnoreCase)
            : new(StringComparer.OrdinalIgnoreCase) { [ending] = path };
        foreach (string file in files.Values)
        {
            if (File.Exists(file) || Directory.Exists(file))
            {
                throw new RunFolderException($"output {file}: there is a file of this name; name another, or remove it");
            }

            RefuseFileAbove(file);
        }

        return new OutputPlace(files);
    }

    /// <summary>Writes a form, if it is wanted.</summary>
    /// <param name="form">Its ending.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Write(string form, Action<Stream> write)
    {
        if (!files.TryGetValue(form, out string? file))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            AtomicFile.Write(file, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException($"output {file}: it cannot be written: {exception.Message}", exception);
        }
    }

    private static void RefuseFileAbove(string file)
    {
        for (string? parent = Path.GetDirectoryName(file); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (File.Exists(parent))
            {
                throw new RunFolderException($"output {file}: it cannot be made, since {parent} is a file");
            }
        }
    }
}
