using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host;
using Lae.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Host;

/// <summary>Kernels from outside, by <c>"Plugins"</c>; and whatever is wrong with a plug-in is one line that names it.</summary>
public class PluginTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "Samplers.CSharp.dll");

    [Theory]
    [InlineData("mylangevin.json", "MyLangevin on Gaussian")]
    [InlineData("mylangevin-fsharp.json", "MyLangevin in F# on Gaussian")]
    public void TheSamplesRunByTheirOwnConfigurationAndAgain(string configuration, string told)
    {
        using HostRun host = new();
        Assert.Equal(0, host.Run("sample", "--config", Path.Combine(AppContext.BaseDirectory, configuration), "--out", "out", "--Transitions=50"));
        Assert.Contains(told, host.Output, StringComparison.Ordinal);
        JsonNode resolved = JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!;
        Assert.Equal(AppContext.BaseDirectory, Path.GetDirectoryName(resolved["Plugins"]![0]!.GetValue<string>()) + Path.DirectorySeparatorChar);
        Assert.Equal(0, host.Run("sample", "--config", "out/config.json", "--out", "again"));
        SampledRun.AssertEqual(host.OutFolder, host.Path("again"));
        Assert.Equal(0, host.Run("laws", "--config", "out/config.json"));
        Assert.Contains("laws hold.", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void BothSamplesGiveTheSameDraws()
    {
        using HostRun host = new();
        string[] both = ["mylangevin.json", "mylangevin-fsharp.json"];
        Assert.All(both, name => Assert.Equal(0, host.Run("sample", "--config", Path.Combine(AppContext.BaseDirectory, name), "--out", name, "--Transitions=20")));
        Assert.Equal(HostRun.Bytes(host.Path(both[0]), "draws.zarr/posterior/x/0.0.0"), HostRun.Bytes(host.Path(both[1]), "draws.zarr/posterior/x/0.0.0"));
    }

    [Fact]
    public void TrainingTakesPluginsTooAndATrainedRunIsResumedAndLoadedWithThem()
    {
        using HostRun host = new();
        File.Copy(Sample, host.Path("mine.dll"));
        Assert.Equal(0, host.Run("--out", "whole", "--Plugins=mine.dll"));
        Assert.Equal(130, host.RunUntil(20, "--out", "out", "--Plugins=mine.dll"));
        Assert.Equal(host.Path("mine.dll"), JsonNode.Parse(File.ReadAllText(host.Path("out/config.json")))!["Plugins"]![0]!.GetValue<string>());
        Assert.Equal(0, host.Run("--resume", "out"));
        HostRun.AssertEqualRuns(host.Path("whole"), host.OutFolder);
        Assert.Equal(3, LaeRun.Load(host.OutFolder, FakeModelFactory.Register).LatentSize);
        File.Delete(host.Path("mine.dll"));
        Assert.Contains("there is no file", Assert.ThrowsAny<Exception>(() => LaeRun.Load(host.OutFolder, FakeModelFactory.Register)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AModelOfAPluginIsLoadedFromItsRunFolder()
    {
        using HostRun host = new();
        string path = Emit(host.Path("updates.dll"), nameof(EmittedPlugin.RegisterUpdate));
        Assert.Equal(0, host.Run(
            "--out", "out", $"--Plugins={path}", "--Model:Type=LangevinAutoencoder", "--Model:LatentSize=2", "--Model:EncoderUpdate:Type=FromPlugin", "--Training:Epochs=1",
            "--Model:Encoder:Type=Dense", "--Model:Encoder:Widths=8", "--Model:Decoder:Type=Dense", "--Model:Decoder:Widths=8"));
        Assert.Equal(2, LaeRun.Load(host.OutFolder).LatentSize);
    }

    [Fact]
    public void MissingFile()
    {
        using HostRun host = Sampling();
        Assert.Equal($"command line: Plugins:0: there is no file {host.Path("none.dll")}", host.Refused("sample", "--config", "sampling.json", "--Plugins=none.dll"));
        host.Write("named.json", """{ "Plugins": [ "none.dll" ], "Target": { "Type": "Banana" }, "Kernel": { "Type": "ULA" } }""");
        Assert.Equal($"{host.Path("named.json")}: Plugins:0: there is no file {host.Path("none.dll")}", host.Refused("sample", "--config", "named.json"));
    }

    [Fact]
    public void FileThatIsNoAssembly()
    {
        using HostRun host = Sampling();
        host.Write("text.dll", "I am no assembly.");
        Assert.StartsWith($"Plugins:0: {host.Path("text.dll")}: not a .NET assembly that can be loaded: ", host.Refused("sample", "--config", "sampling.json", "--Plugins=text.dll"), StringComparison.Ordinal);
    }

    [Fact]
    public void AssemblyWithoutAPlugin()
    {
        using HostRun host = Sampling();
        string path = typeof(FsCheck.Check).Assembly.Location;
        Assert.Equal($"Plugins:0: {path}: no public class in it implements ILaePlugin", host.Refused("sample", "--config", "sampling.json", $"--Plugins={path}"));
    }

    [Fact]
    public void AssemblyBuiltAgainstAnotherCore()
    {
        using HostRun host = Sampling();
        WriteReferring(host.Path("old.dll"), "Lae.Core", new Version(0, 0, 9, 0));
        Version version = typeof(ILaePlugin).Assembly.GetName().Version!;
        Assert.Equal(
            $"Plugins:0: {host.Path("old.dll")}: built against Lae.Core 0.0.9.0, and this program has {version}; build it anew", host.Refused("sample", "--config", "sampling.json", "--Plugins=old.dll"));
    }

    [Fact]
    public void NameThatIsTaken()
    {
        using HostRun host = Sampling();
        File.Copy(Sample, host.Path("copy.dll"));
        Assert.Equal(
            $"Plugins:1: {host.Path("copy.dll")}: it registers IKernelFactory \"MyLangevin\", and there is one of this name already",
            host.Refused("sample", "--config", "sampling.json", $"--Plugins={Sample},copy.dll"));
    }

    [Fact]
    public void PluginThatFailsToRegister()
    {
        using HostRun host = Sampling();
        string path = Emit(host.Path("failing.dll"), nameof(EmittedPlugin.Fail));
        Assert.Equal($"Plugins:0: {path}: the plug-in Emitted failed to register: InvalidOperationException: not today", host.Refused("sample", "--config", "sampling.json", $"--Plugins={path}"));
    }

    [Fact]
    public void TypeOfAPluginIsUnknownWithoutIt()
    {
        using HostRun host = Sampling();
        Assert.StartsWith("command line: Kernel:Type: unknown type \"MyLangevin\"", host.Refused("sample", "--config", "sampling.json", "--Kernel:Type=MyLangevin"), StringComparison.Ordinal);
        Assert.Equal(0, host.Run("sample", "--config", "sampling.json", "--Kernel:Type=MyLangevin", $"--Plugins={Sample}", "--out", "out"));
        Assert.Contains("Plugins", File.ReadAllText(host.Path("out/config.json")), StringComparison.Ordinal);
    }

    private static HostRun Sampling()
    {
        HostRun host = new();
        host.Write("sampling.json", SampleTests.Configuration);
        return host;
    }

    /// <summary>An assembly with a public plug-in that calls a method of <see cref="EmittedPlugin"/>.</summary>
    private static string Emit(string path, string method)
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName(Path.GetFileNameWithoutExtension(path)), typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule("module").DefineType("Emitted", TypeAttributes.Public | TypeAttributes.Class, typeof(object), [typeof(ILaePlugin)]);
        MethodBuilder register = type.DefineMethod(nameof(ILaePlugin.Register), MethodAttributes.Public | MethodAttributes.Virtual, typeof(void), [typeof(IServiceCollection)]);
        ILGenerator code = register.GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, typeof(EmittedPlugin).GetMethod(method)!);
        code.Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(path);
        return path;
    }

    /// <summary>An empty assembly that refers to another.</summary>
    private static void WriteReferring(string path, string name, Version version)
    {
        MetadataBuilder metadata = new();
        metadata.AddModule(0, metadata.GetOrAddString("old.dll"), metadata.GetOrAddGuid(new Guid("11111111-2222-3333-4444-555555555555")), default, default);
        metadata.AddAssembly(metadata.GetOrAddString("old"), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        metadata.AddAssemblyReference(metadata.GetOrAddString(name), version, default, default, default, default);
        metadata.AddTypeDefinition(default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        ManagedPEBuilder image = new(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder());
        BlobBuilder bytes = new();
        image.Serialize(bytes);
        File.WriteAllBytes(path, bytes.ToArray());
    }
}

/// <summary>What emitted plug-ins call.</summary>
public static class EmittedPlugin
{
    public static void RegisterUpdate(IServiceCollection services) => services.AddComponent<IEncoderUpdate, NoOptions>("FromPlugin", _ => new RegressionUpdate());

    public static void Fail(IServiceCollection services) => throw new InvalidOperationException("not today");
}
