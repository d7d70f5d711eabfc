using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Composition;

/// <summary>Langevin kernels and mass matrices by name: what a configuration chooses is what its options say.</summary>
public sealed class LangevinComponentsTests
{
    private static readonly IReadOnlyList<ComponentDescriptor> Components =
        [.. new ServiceCollection().AddLaeKernels().BuildServiceProvider().GetServices<ComponentDescriptor>()];

    [Theory]
    [InlineData("ULA", "ULA")]
    [InlineData("MALA", "MALA")]
    [InlineData("LeimkuhlerMatthews", "Leimkuhler–Matthews")]
    [InlineData("Barker", "Barker")]
    [InlineData("Splitting", "BAOAB")]
    [InlineData("BAOAB", "BAOAB")]
    [InlineData("OBABO", "OBABO")]
    [InlineData("ABOBA", "ABOBA")]
    [InlineData("OABAO", "OABAO")]
    [InlineData("BAOA", "BAOA")]
    public void A_type_is_a_kernel_of_its_name(string type, string name)
    {
        ComponentDescriptor component = Of(typeof(IKernelFactory), type);
        object options = Activator.CreateInstance(component.Options)!;
        Assert.True(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
        Assert.Equal(name, ((IKernelFactory)component.Create(options)).Create(GaussianTarget.Standard(2)).Name);
    }

    [Fact]
    public void Options_become_settings()
    {
        SplittingOptions options = new() { Word = "OBABO", StepSize = 0.3, Friction = 2, Temperature = 1.7, Mass = MassMatrix.Diagonal(Tensor.FromArray([2.0, 3])) };
        UnderdampedSettings settings = options.ToSettings();
        Assert.Equal((0.3, 2.0, 1.7), (settings.StepSize, settings.Friction, settings.Temperature));
        Assert.Same(options.Mass, settings.Mass);
        IKernelFactory factory = (IKernelFactory)Of(typeof(IKernelFactory), "Splitting").Create(options);
        Assert.Equal("OBABO", factory.Create(GaussianTarget.Standard(2)).Name);
        Assert.Throws<ArgumentException>(() => factory.Create(GaussianTarget.Standard(3)));
    }

    [Theory]
    [InlineData("BAOAB", true)]
    [InlineData("OBAABO", true)]
    [InlineData("BAB", true)]
    [InlineData("BOB", false)]
    [InlineData("OAO", false)]
    [InlineData("BAXAB", false)]
    [InlineData("baoab", false)]
    public void A_word_that_is_none_is_refused_before_a_kernel_is_made(string word, bool isWord)
    {
        SplittingOptions options = new() { Word = word };
        Assert.Equal(isWord, Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    [Fact]
    public void A_mass_matrix_is_chosen_by_type()
    {
        Assert.True(((MassMatrix)Of(typeof(MassMatrix), "Identity").Create(new NoOptions())).IsIdentity);
        MassMatrix diagonal = (MassMatrix)Of(typeof(MassMatrix), "Diagonal").Create(new DiagonalMatrixOptions { Values = [4, 9] });
        Assert.Equal([2, 3], diagonal.ApplyRoot(Tensor.Ones(new Shape(1, 2), DType.Float64)).ToArray());
        MassMatrix dense = (MassMatrix)Of(typeof(MassMatrix), "Dense").Create(new DenseMatrixOptions { Values = [4, 0, 0, 9] });
        Assert.Equal(2, dense.Dimension);
    }

    private static ComponentDescriptor Of(Type contract, string name) => Components.Single(component => component.Contract == contract && component.Name == name);
}
