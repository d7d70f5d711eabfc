using System.Text;
using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Kernels;
using Lae.Targets;
using Lae.Tests.Kernels;
using Microsoft.Extensions.DependencyInjection;

namespace Lae.Tests.Composition;

/// <summary>Kernels with stochastic gradients from JSON.</summary>
public sealed class StochasticGradientComponentsTests
{
    private static readonly ComponentRegistry Registry = new(
        new ServiceCollection().AddLaeKernels().Where(service => service.ServiceType == typeof(ComponentDescriptor)).Select(service => (ComponentDescriptor)service.ImplementationInstance!));

    [Theory]
    [InlineData("SGLD")]
    [InlineData("pSGLD")]
    [InlineData("SGHMC")]
    [InlineData("SGNHT")]
    [InlineData("BADODAB")]
    public void Every_kernel_is_there_by_its_name_with_the_full_gradient_on_any_target(string name)
    {
        IKernel kernel = Bind($$"""{ "Kernel": { "Type": "{{name}}" } }""").Create(GaussianTarget.Standard(3));
        Assert.Equal(name, kernel.Name);
        Assert.Equal(3, kernel.Dimension);
        Assert.IsType<Kernel<StochasticState>>(kernel);
    }

    [Theory]
    [InlineData("""{ "Type": "Minibatch", "BatchSize": 4 }""", "indices")]
    [InlineData("""{ "Type": "Minibatch", "BatchSize": 40, "WithReplacement": true }""", "indices")]
    [InlineData("""{ "Type": "ControlVariate", "BatchSize": 4, "Centre": [0.1, 0.2, 0.3] }""", "indices")]
    [InlineData("""{ "Type": "SVRG", "BatchSize": 4, "AnchorEvery": 7 }""", "anchor")]
    public void Estimators_and_schedules_are_sections_of_a_kernel(string estimator, string leaf)
    {
        foreach (string schedule in (string[])["""{ "Type": "Polynomial", "Scale": 0.1, "Power": 0.6 }""", """{ "Type": "Cyclical", "StepSize": 0.1, "Transitions": 100, "Cycles": 4 }"""])
        {
            IKernelFactory factory = Bind($$"""{ "Kernel": { "Type": "SGHMC", "Friction": 2, "GradientNoise": 0.5, "Estimator": {{estimator}}, "Schedule": {{schedule}} } }""");
            Kernel<StochasticState> kernel = Assert.IsType<Kernel<StochasticState>>(factory.Create(SamplePosteriors.Logistic(20, 3, 5).Target));
            Assert.Contains(leaf, kernel.Initialize(GaussianProblem.Noise(1, 2, 3)).Layout.Select(other => other.Name));
            ArgumentException refused = Assert.Throws<ArgumentException>(() => factory.Create(GaussianTarget.Standard(3)));
            Assert.Contains("Minibatches need data: target 'standard normal' is not the Target of a DataTarget", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_thermal_mass_left_out_is_the_dimension_and_a_wrong_value_names_its_key()
    {
        Bind("""{ "Kernel": { "Type": "BADODAB", "ThermalMass": 3, "Friction": 0.5 } }""").Create(GaussianTarget.Standard(3));
        ConfigurationException wrong = Assert.Throws<ConfigurationException>(() => Bind("""{ "Kernel": { "Type": "pSGLD", "Decay": 1.5 } }"""));
        Assert.Contains("Kernel:Decay", wrong.Message, StringComparison.Ordinal);
        wrong = Assert.Throws<ConfigurationException>(() => Bind("""{ "Kernel": { "Type": "SGLD", "Schedule": { "Type": "Cyclical", "Transitions": 3, "Cycles": 4 } } }"""));
        Assert.Contains("Kernel:Schedule", wrong.Message, StringComparison.Ordinal);
    }

    private static IKernelFactory Bind(string json)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(json));
        ConfigurationNode root = LayerMerge.Merge(ConfigurationLayers.FromJson(stream, "test.json"));
        return new ComponentBinder(Registry, new InputFiles(null, ".")).Bind<Root>(root).Value.Kernel!;
    }

    public sealed record Root
    {
        public IKernelFactory? Kernel { get; init; }
    }
}
